using XenDmHost.Host.Native;

namespace XenDmHost.Host.Hypervisor.Simulated;

/// <summary>The event channels of the simulation: one stream with the semantics of /dev/xen/evtchn, one eventfd per port.</summary>
internal sealed class SimulatedEventChannels : IEventChannels
{
    private const int MaxPorts = 4096;

    private readonly HypercallSocket _calls;
    private readonly uint _domid;
    private readonly PortStream _stream;
    private readonly EventFd?[] _notify = new EventFd?[MaxPorts];
    private EventFd? _wake;

    internal SimulatedEventChannels(HypercallSocket calls, uint domid)
    {
        _calls = calls;
        _domid = domid;
        _stream = new PortStream(SimulatedDomain.Expect(calls.Call(HypercallOp.OpenEventChannels, domid)));
    }

    public uint BindInterdomain(uint remotePort)
    {
        HypercallAnswer answer = _calls.Call(HypercallOp.BindInterdomain, _domid, remotePort);
        return Keep(answer);
    }

    public uint BindWakeUp()
    {
        HypercallAnswer answer = _calls.Call(HypercallOp.BindWakeUp, _domid);
        uint port = Keep(answer);
        _wake = _notify[port];
        return port;
    }

    public int Wait(Span<uint> ports) => _stream.Read(ports);

    public void Unmask(ReadOnlySpan<uint> ports) => _stream.Write(ports);

    public void Notify(uint localPort) => _notify[localPort]?.TrySignal();

    public void Wake() => _wake?.TrySignal();

    public void Dispose()
    {
        _stream.Dispose();
        foreach (EventFd? port in _notify)
        {
            port?.Dispose();
        }
    }

    private uint Keep(HypercallAnswer answer)
    {
        EventFd signal = new(SimulatedDomain.Expect(answer));
        if (answer.V0 >= MaxPorts)
        {
            signal.Dispose();
            throw new OsException("bind_interdomain", "simulation", Errno.EPROTO, $"port {answer.V0} is out of range");
        }

        _notify[answer.V0] = signal;
        return (uint)answer.V0;
    }
}
