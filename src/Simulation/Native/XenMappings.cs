using System.Runtime.InteropServices;

namespace XenDmHost.Simulation.Native;

/// <summary>Memory of a Xen guest, mapped through a descriptor that came from a peer: as vm-memory's "xen" feature does it.</summary>
internal static unsafe partial class XenMappings
{
    internal const ulong PageSize = 4096;

    /// <summary>The size is a peer's word, and each page of it costs us 12 bytes.</summary>
    private const ulong MaxForeign = 1UL << 38;

    /// <summary>As many as the kernel's gntdev maps in one call.</summary>
    private const ulong MaxGrants = 65536;

    private const int OutOfMemory = 12, InvalidArgument = 22;

    private const uint MapBatch = 0x00205004; // IOCTL_PRIVCMD_MMAPBATCH_V2, xen/privcmd.h
    private const uint MapGrants = 0x00184700; // IOCTL_GNTDEV_MAP_GRANT_REF, xen/gntdev.h
    private const uint UnmapGrants = 0x00104701; // IOCTL_GNTDEV_UNMAP_GRANT_REF

    /// <summary>
    /// Maps frames that follow each other. An error of a single frame other than ENOENT goes unnoticed, and touching that page
    /// is the end of the process.
    /// </summary>
    /// <returns>0 or the error.</returns>
    internal static int TryMapForeign(FileDescriptor privcmd, uint domid, ulong address, ulong size, out Mapping? mapping)
    {
        mapping = null;
        if (size > MaxForeign) return OutOfMemory;
        int error = Mapping.TryMap(privcmd, 0, (long)size, writable: true, out mapping);
        if (mapping is null) return error;
        ulong[] frames = new ulong[(size + PageSize - 1) / PageSize];
        for (int i = 0; i < frames.Length; i++) frames[i] = (address / PageSize) + (ulong)i;
        int[] errors = new int[frames.Length];
        fixed (ulong* frame = frames)
        fixed (int* result = errors)
        {
            Batch call = new() { Count = (uint)frames.Length, DomId = (ushort)domid, Address = (ulong)mapping.Start, Frames = frame, Errors = result };
            error = Call(privcmd, MapBatch, &call);
        }
        return Keep(error, ref mapping);
    }

    /// <summary>Maps grants whose references follow each other.</summary>
    /// <param name="gntdev">/dev/xen/gntdev, or what a peer says is one.</param>
    /// <param name="domid">Who granted them.</param>
    /// <param name="firstReference">The first of them.</param>
    /// <param name="size">In bytes.</param>
    /// <param name="writable">Whether they shall be written to, which some grants do not allow.</param>
    /// <param name="mapping">What is mapped.</param>
    /// <param name="index">What the device calls it.</param>
    /// <returns>0 or the error.</returns>
    internal static int TryMapGrants(
        FileDescriptor gntdev, uint domid, uint firstReference, ulong size, bool writable, out Mapping? mapping, out ulong index)
    {
        const int Head = 16, Entry = 8;
        (mapping, index) = (null, 0);
        if (size > MaxGrants * PageSize) return InvalidArgument;
        int count = (int)((size + PageSize - 1) / PageSize);
        byte[] request = new byte[Head + (count * Entry)];
        MemoryMarshal.Write(request, (uint)count);
        for (int i = 0; i < count; i++)
        {
            MemoryMarshal.Write(request.AsSpan(Head + (i * Entry)), domid);
            MemoryMarshal.Write(request.AsSpan(Head + (i * Entry) + 4), firstReference + (uint)i);
        }
        int error;
        fixed (byte* call = request) error = Call(gntdev, MapGrants, call);
        if (error != 0) return error;
        index = MemoryMarshal.Read<ulong>(request.AsSpan(8));
        return Mapping.TryMap(gntdev, (long)index, (long)size, writable, out mapping);
    }

    /// <summary>Tells the device that a mapping, which is unmapped by now, is not needed any more.</summary>
    internal static void ForgetGrants(FileDescriptor gntdev, ulong index, ulong size)
    {
        byte* request = stackalloc byte[16];
        *(ulong*)request = index;
        *(ulong*)(request + 8) = (size + PageSize - 1) / PageSize;
        _ = Call(gntdev, UnmapGrants, request);
    }

    private static int Keep(int error, ref Mapping? mapping)
    {
        if (error == 0) return 0;
        mapping?.Dispose();
        mapping = null;
        return error;
    }

    private static int Call(FileDescriptor device, uint request, void* argument)
    {
        using Lease lease = new(device);
        return ioctl(lease.Fd, request, argument) < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int fd, nuint request, void* argument);

    [StructLayout(LayoutKind.Sequential)]
    private struct Batch
    {
        internal uint Count;
        internal ushort DomId;
        internal ulong Address;
        internal ulong* Frames;
        internal int* Errors;
    }
}
