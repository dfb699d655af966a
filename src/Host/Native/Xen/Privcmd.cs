using System.Runtime.CompilerServices;

namespace XenDmHost.Host.Native.Xen;

/// <summary>
/// /dev/xen/privcmd. As opened it gives its holder every right of this domain over all of the host; after
/// <see cref="TryRestrict"/>, for good, only rights over one guest. A descriptor that is not restricted must not leave this
/// process.
/// </summary>
internal sealed unsafe class Privcmd : IDisposable
{
    internal const string Path = "/dev/xen/privcmd";

    private Privcmd(FileDescriptor descriptor) => Descriptor = descriptor;

    internal FileDescriptor Descriptor { get; }

    /// <exception cref="OsException">The device is not there or may not be opened.</exception>
    internal static Privcmd Open() => new(XenDevice.Open(Path));

    /// <summary>Restricts the open file to one guest (IOCTL_PRIVCMD_RESTRICT).</summary>
    /// <returns>0 or a negative errno: -EINVAL when it is restricted to another guest already.</returns>
    internal int TryRestrict(uint domid)
    {
        ushort value = (ushort)domid;
        return XenDevice.Control(Descriptor, PrivcmdRequest.Restrict, &value);
    }

    /// <summary>A device-model operation; what comes back is in <paramref name="op"/>. Any thread; does not wait for the guest.</summary>
    /// <returns>0 or a negative errno.</returns>
    internal int TryDmOp(uint domid, ref DmOp op)
    {
        // The kernel pins this memory and writes to it: it has to be the stack's, not a read-only or foreign page.
        DmOp copy = op;
        PrivcmdDmOpBuffer buffer = new() { Address = &copy, Size = (nuint)sizeof(DmOp) };
        PrivcmdDmOp call = new() { Domid = (ushort)domid, Count = 1, Buffers = &buffer };
        int result = XenDevice.Control(Descriptor, PrivcmdRequest.DmOp, &call);
        op = copy;
        return result;
    }

    /// <summary>Maps pages that Xen shares with a guest's device model (IOCTL_PRIVCMD_MMAP_RESOURCE), writable.</summary>
    /// <param name="domid">The guest.</param>
    /// <param name="type">XENMEM_resource_...</param>
    /// <param name="id">Which of that type.</param>
    /// <param name="firstFrame">The first page of it.</param>
    /// <param name="pages">How many pages.</param>
    /// <param name="mapping">The mapping, or null.</param>
    /// <returns>0 or a negative errno.</returns>
    internal int TryMapResource(uint domid, uint type, uint id, uint firstFrame, int pages, out Mapping? mapping)
    {
        Mapping made = Mapping.Shared(Descriptor, 0, pages * XenConstants.PageSize, writable: true, Path);
        PrivcmdMmapResource call = new()
        {
            Domid = (ushort)domid,
            Type = type,
            Id = id,
            Index = firstFrame,
            Count = (ulong)pages,
            Address = AddressOf(made),
        };
        int result = XenDevice.Control(Descriptor, PrivcmdRequest.MmapResource, &call);
        mapping = Keep(made, result);
        return result;
    }

    /// <summary>
    /// Maps guest frames (IOCTL_PRIVCMD_MMAPBATCH_V2). A page whose error is not 0 must not be touched: SIGBUS on x86,
    /// SIGKILL on arm64; and no page may be given to a system call, which stops an arm64 kernel at a hole.
    /// </summary>
    /// <param name="domid">The guest.</param>
    /// <param name="firstFrame">The number of the first frame; the others follow it.</param>
    /// <param name="errors">Out: 0 or a negative errno per frame; its length is the number of frames.</param>
    /// <param name="mapping">The mapping, read-only, or null.</param>
    /// <returns>0 or a negative errno; 0 says nothing about single frames.</returns>
    internal int TryMapFrames(uint domid, ulong firstFrame, Span<int> errors, out Mapping? mapping)
    {
        ulong[] frames = new ulong[errors.Length];
        for (int i = 0; i < frames.Length; i++)
        {
            frames[i] = firstFrame + (ulong)i;
        }

        // Where the kernel does not write an error, the frame counts as not there.
        errors.Fill(-Errno.EINVAL);
        Mapping made = Mapping.Shared(Descriptor, 0, errors.Length * XenConstants.PageSize, writable: false, Path);
        int result;
        fixed (ulong* frameNumbers = frames)
        fixed (int* frameErrors = errors)
        {
            PrivcmdMmapBatchV2 call = new()
            {
                Count = (uint)errors.Length,
                Domid = (ushort)domid,
                Address = AddressOf(made),
                Frames = frameNumbers,
                Errors = frameErrors,
            };
            result = XenDevice.Control(Descriptor, PrivcmdRequest.MmapBatchV2, &call);
        }

        // ENOENT: frames that are paged out. They are told apart by their own errors.
        mapping = Keep(made, result == -Errno.ENOENT ? 0 : result);
        return mapping is null ? result : 0;
    }

    /// <summary>The highest frame number that the guest has used (XENMEM_maximum_gpfn). Only on an unrestricted descriptor.</summary>
    /// <returns>The number, or a negative errno.</returns>
    internal int TryMaximumGpfn(uint domid)
    {
        // Xen reads the argument by itself, so it has to be in pages that the kernel keeps in place for that.
        int buffers = XenDevice.TryOpen("/dev/xen/hypercall");
        if (buffers < 0)
        {
            return buffers;
        }

        using FileDescriptor device = new(buffers);
        using Mapping argument = Mapping.Shared(device, 0, XenConstants.PageSize, writable: true, "/dev/xen/hypercall");
        argument.At<ushort>(0) = (ushort)domid;
        PrivcmdHypercall call = new()
        {
            Op = XenConstants.MemoryOp,
            Argument0 = XenConstants.MaximumGpfn,
            Argument1 = AddressOf(argument),
        };
        return XenDevice.Control(Descriptor, PrivcmdRequest.Hypercall, &call);
    }

    /// <summary>Has the kernel perform an operation at each signal of an eventfd, from now on or no more.</summary>
    /// <param name="domid">The guest.</param>
    /// <param name="signal">The eventfd; the kernel takes its count each time.</param>
    /// <param name="op">The operation; the kernel keeps a copy.</param>
    /// <param name="assign">False ends it, and returns when none is under way any more. To be done before the eventfd is closed.</param>
    /// <returns>0 or a negative errno: -EBUSY when the eventfd has one.</returns>
    internal int TryIrqFd(uint domid, EventFd signal, DmOp op, bool assign)
    {
        PrivcmdIrqFd call = new()
        {
            DmOp = (ulong)&op,
            Size = (uint)sizeof(DmOp),
            Fd = (uint)signal.Descriptor.Value,
            Flags = assign ? 0 : Deassign,
            Domid = (ushort)domid,
        };
        int result = XenDevice.Control(Descriptor, PrivcmdRequest.IrqFd, &call);
        return result == -Errno.ENOTTY ? XenDevice.Control(Descriptor, PrivcmdRequest.IrqFdOfLinux66, &call) : result;
    }

    /// <summary>
    /// Has the kernel answer writes of a queue's number to QueueNotify by a signal of an eventfd, from now on or no more.
    /// Never in a PV domain, and never left behind when the ioreq page is unmapped or the process ends: kernels crash.
    /// </summary>
    /// <param name="domid">The guest.</param>
    /// <param name="ioreqPage">The mapped ioreq page: with the ports, what the kernel knows a server by.</param>
    /// <param name="ports">The local port of every vCPU.</param>
    /// <param name="windowBase">Where the device's registers begin in the guest; the kernel adds QueueNotify's offset.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="signal">The eventfd.</param>
    /// <param name="assign">False ends it, with the same arguments.</param>
    /// <returns>0 or a negative errno.</returns>
    internal int TryIoEventFd(uint domid, Mapping ioreqPage, ReadOnlySpan<uint> ports, ulong windowBase, uint queue, EventFd signal, bool assign)
    {
        fixed (uint* first = ports)
        {
            PrivcmdIoEventFd call = new()
            {
                IoreqPage = AddressOf(ioreqPage),
                Ports = (ulong)first,
                Address = windowBase,
                AddressLength = sizeof(uint),
                EventFd = (uint)signal.Descriptor.Value,
                Vcpus = (uint)ports.Length,
                Queue = queue,
                Flags = assign ? 0 : Deassign,
                Domid = (ushort)domid,
            };
            return XenDevice.Control(Descriptor, PrivcmdRequest.IoEventFd, &call);
        }
    }

    /// <summary>Asks for an irqfd with flags that no kernel takes.</summary>
    /// <returns>-EINVAL when the kernel knows the request; -ENOTTY, -EOPNOTSUPP or -EPERM when it does not, or not here.</returns>
    internal int ProbeIrqFd()
    {
        PrivcmdIrqFd call = new() { Flags = ImpossibleFlags };
        int result = XenDevice.Control(Descriptor, PrivcmdRequest.IrqFd, &call);
        return result == -Errno.ENOTTY ? XenDevice.Control(Descriptor, PrivcmdRequest.IrqFdOfLinux66, &call) : result;
    }

    /// <summary>As <see cref="ProbeIrqFd"/>, for an ioeventfd.</summary>
    internal int ProbeIoEventFd()
    {
        PrivcmdIoEventFd call = new() { Flags = ImpossibleFlags };
        return XenDevice.Control(Descriptor, PrivcmdRequest.IoEventFd, &call);
    }

    public void Dispose() => Descriptor.Dispose();

    private const uint ImpossibleFlags = 2;

    private const uint Deassign = 1;

    private static ulong AddressOf(Mapping mapping) => (ulong)Unsafe.AsPointer(ref mapping.At<byte>(0));

    private static Mapping? Keep(Mapping mapping, int result)
    {
        if (result >= 0)
        {
            return mapping;
        }

        mapping.Dispose();
        return null;
    }
}
