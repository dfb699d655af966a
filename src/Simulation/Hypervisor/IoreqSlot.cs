using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Hypervisor;

/// <summary>
/// One vCPU's slot in a server's ioreq page (struct ioreq of xen/hvm/ioreq.h, 32 bytes) and its event channel. The slot
/// outlives the host: a successor binds the same port again and finds a request that still waits.
/// </summary>
internal sealed class IoreqSlot(Mapping page, int vcpu, uint port) : IDisposable
{
    internal const int Size = 32;
    private const int AddressOffset = 0;
    private const int DataOffset = 8;
    private const int CountOffset = 16;
    private const int SizeOffset = 20;
    private const int PortOffset = 24;
    private const int StateOffset = 30;
    private const int TypeOffset = 31;
    private const byte StateMask = 0x0f;

    private readonly int _start = vcpu * Size;
    private volatile EventChannelPort? _bound;
    private volatile bool _stopped;

    /// <summary>The guest's end of the event channel: vp_eport.</summary>
    internal uint Port { get; } = port;

    /// <summary>What a NOTIFY of the host wakes. One for the slot's life, so that a vCPU waits across hosts.</summary>
    internal EventFd Notification { get; } = EventFd.Create(nonBlocking: true);

    /// <summary>The host's end, while it is bound.</summary>
    internal EventChannelPort? Bound
    {
        get => _bound;
        set => _bound = value;
    }

    internal void PublishPort() => page.WriteU32(_start + PortOffset, Port);

    /// <summary>Puts a request, waits for the answer and takes the data. Only one thread at a time, the vCPU, may call it.</summary>
    /// <exception cref="HostFault">The host broke the protocol, or did not answer in time.</exception>
    internal ulong Exchange(in IoreqRequest request, TimeSpan limit)
    {
        Put(request);
        // The state must be visible before the look at the binding: a host that binds meanwhile reads the slot itself.
        Mapping.FullBarrier();
        _bound?.Raise();
        WaitForResponse(request, limit);
        var data = page.ReadU64(_start + DataOffset);
        page.WriteReleaseU8(_start + StateOffset, (byte)(request.Flags | (byte)IoreqState.None));
        return data;
    }

    /// <summary>The vCPU must not wait any longer: the simulation ends.</summary>
    internal void Stop()
    {
        _stopped = true;
        Notification.TryAdd(1);
    }

    public void Dispose() => Notification.Dispose();

    private void Put(in IoreqRequest request)
    {
        var published = page.ReadU32(_start + PortOffset);
        if (published != Port)
        {
            throw new HostFault($"vCPU {vcpu}: the host changed vp_eport from {Port} to {published}", HostFault.Violation);
        }

        page.WriteU64(_start + AddressOffset, request.Address);
        page.WriteU64(_start + DataOffset, request.Data);
        page.WriteU32(_start + CountOffset, request.Count);
        page.WriteU32(_start + SizeOffset, request.Size);
        page.WriteU8(_start + TypeOffset, (byte)request.Type);
        page.WriteReleaseU8(_start + StateOffset, (byte)(request.Flags | (byte)IoreqState.Ready));
    }

    private void WaitForResponse(in IoreqRequest request, TimeSpan limit)
    {
        var deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        var last = IoreqState.Ready;
        while (last != IoreqState.ResponseReady)
        {
            var left = Math.Max(0, deadline - Environment.TickCount64);
            var notified = Notification.Wait(TimeSpan.FromMilliseconds(left));
            if (_stopped)
            {
                throw new OperationCanceledException("the simulation ends");
            }

            var seen = (IoreqState)(page.ReadAcquireU8(_start + StateOffset) & StateMask);
            if (!notified && Environment.TickCount64 >= deadline)
            {
                throw Unanswered(request, seen, limit);
            }

            last = Checked(request, last, seen);
        }
    }

    private IoreqState Checked(in IoreqRequest request, IoreqState last, IoreqState seen) =>
        IoreqStateGuard.IsLegal(last, seen)
            ? seen
            : throw new HostFault($"vCPU {vcpu}: the host moved the state of {request} from {last} to {seen}", HostFault.Violation);

    private HostFault Unanswered(in IoreqRequest request, IoreqState seen, TimeSpan limit)
    {
        var how = seen == IoreqState.ResponseReady ? "answered but never notified" : $"left in state {seen}";
        var who = _bound is null ? "no host is bound to its event channel" : $"host port {_bound.Number} is bound";
        return new HostFault(
            $"vCPU {vcpu}: {request} was {how} for {limit.TotalSeconds:0.#} s ({who}): on Xen this vCPU would hang for ever",
            HostFault.Hang);
    }
}
