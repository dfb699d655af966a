using XenDmHost.Host.Native;

namespace XenDmHost.Host.Ioreq;

/// <summary>
/// The page that hypervisor and host share: one slot per vCPU. Takes requests and gives answers, in the order of memory
/// accesses that xen/hvm/ioreq.h asks for.
/// </summary>
internal sealed class IoreqPage(Mapping page, int vcpuCount)
{
    // Which slots were looked at already. Only the thread that answers ioreqs touches it.
    private readonly bool[] _seen = new bool[vcpuCount];

    // Which requests are being served by this process: an INPROCESS of anybody else is the kernel's.
    private readonly int[] _ours = new int[vcpuCount];

    internal int VcpuCount => vcpuCount;

    internal uint VpEport(int vcpu) => page.At<uint>((vcpu * IoreqSlot.Size) + 24);

    /// <summary>
    /// Takes the vCPU's request, if one waits. A request found in the state INPROCESS at the first look was left by a
    /// predecessor in the middle of its work and is taken again: register accesses may be repeated. Later, that state
    /// means that a device of ours holds the request.
    /// </summary>
    internal bool TryTake(int vcpu, out IoreqSlot request)
    {
        ref byte flags = ref FlagsOf(vcpu);
        byte found = Volatile.Read(ref flags);
        int state = found & IoreqState.Mask;
        bool waits = state == IoreqState.Ready || (state == IoreqState.InProcess && !_seen[vcpu]);
        _seen[vcpu] = true;
        if (!waits)
        {
            request = default;
            return false;
        }

        // One copy: what is decoded is what was checked.
        Volatile.Write(ref _ours[vcpu], 1);
        request = page.At<IoreqSlot>(vcpu * IoreqSlot.Size);
        Volatile.Write(ref flags, (byte)((found & ~IoreqState.Mask) | IoreqState.InProcess));
        return true;
    }

    /// <summary>The request that waits in the slot, without taking it.</summary>
    internal bool TryPeek(int vcpu, out IoreqSlot request)
    {
        bool waits = (Volatile.Read(ref FlagsOf(vcpu)) & IoreqState.Mask) == IoreqState.Ready;
        request = waits ? page.At<IoreqSlot>(vcpu * IoreqSlot.Size) : default;
        return waits;
    }

    /// <summary>Whether somebody else works on the slot: the kernel, since a predecessor is over at the first look.</summary>
    internal bool IsKernelsNow(int vcpu) =>
        (Volatile.Read(ref FlagsOf(vcpu)) & IoreqState.Mask) == IoreqState.InProcess && _seen[vcpu] && Volatile.Read(ref _ours[vcpu]) == 0;

    /// <summary>Whether an answer stands that its predecessor did not announce any more.</summary>
    internal bool IsAnswered(int vcpu) => (Volatile.Read(ref FlagsOf(vcpu)) & IoreqState.Mask) == IoreqState.ResponseReady;

    /// <summary>Gives the answer. The caller notifies the vCPU's port afterwards.</summary>
    /// <param name="vcpu">The vCPU whose request was taken.</param>
    /// <param name="value">For a read: what the guest gets. Otherwise null.</param>
    internal void Answer(int vcpu, ulong? value)
    {
        if (value is { } data)
        {
            page.At<ulong>((vcpu * IoreqSlot.Size) + 8) = data;
        }

        Volatile.Write(ref _ours[vcpu], 0);
        ref byte flags = ref FlagsOf(vcpu);
        Volatile.Write(ref flags, (byte)((flags & ~IoreqState.Mask) | IoreqState.ResponseReady));
    }

    private ref byte FlagsOf(int vcpu) => ref page.At<byte>((vcpu * IoreqSlot.Size) + IoreqSlot.FlagsOffset);
}
