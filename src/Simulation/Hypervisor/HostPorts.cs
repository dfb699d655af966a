using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Hypervisor;

/// <summary>
/// What one connection has open of /dev/xen/evtchn: its end of the event fd, its ports and the counters of its wake-up
/// ports. Used by the hypervisor's thread; vCPUs only raise ports.
/// </summary>
internal sealed class HostPorts : IDisposable
{
    private readonly PortNumbers _numbers;
    private readonly EventChannels _channels;
    private readonly Dictionary<uint, EventFd> _wakeUps = [];
    private readonly Dictionary<uint, EventChannelPort> _wakeUpPorts = [];
    private readonly List<uint> _unmasked = [];

    internal HostPorts(PortNumbers numbers, SocketPortStream stream)
    {
        _numbers = numbers;
        Stream = stream;
        _channels = new EventChannels(stream);
    }

    internal SocketPortStream Stream { get; }

    internal IEnumerable<KeyValuePair<uint, EventFd>> WakeUps => _wakeUps;

    /// <summary>Binds to a vCPU's slot. The port is pending at once: a request that was put before is not lost.</summary>
    internal EventChannelPort Bind(IoreqSlot slot)
    {
        var number = _numbers.Take();
        var port = _channels.Bind(number, () => Release(number, slot));
        slot.Bound = port;
        // Pairs with the vCPU's: either it sees the binding, or the host that we wake here sees its request.
        Mapping.FullBarrier();
        port.Raise();
        return port;
    }

    /// <summary>Binds to an event channel of the guest. The port is pending at once, as every new one.</summary>
    internal EventChannelPort Bind(GuestEventChannel channel)
    {
        var number = _numbers.Take();
        var port = _channels.Bind(number, () =>
        {
            channel.Bound = null;
            _numbers.Return(number);
        });
        channel.Bound = port;
        port.Raise();
        return port;
    }

    /// <summary>A port bound to the host itself; its counter makes it pending.</summary>
    internal (uint Number, EventFd Counter) BindWakeUp()
    {
        var number = _numbers.Take();
        var counter = EventFd.Create(nonBlocking: true);
        var port = _channels.Bind(number, () => ReleaseWakeUp(number));
        _wakeUps.Add(number, counter);
        _wakeUpPorts.Add(number, port);
        return (number, counter);
    }

    internal void WokenUp(uint number)
    {
        if (_wakeUps.TryGetValue(number, out var counter) && counter.TryRead(out _))
        {
            _wakeUpPorts[number].Raise();
        }
    }

    internal bool TryUnbind(uint number) => _channels.TryUnbind(number);

    /// <summary>Takes the numbers that the host wrote back; false when it closed its end.</summary>
    internal bool TryUnmask()
    {
        _unmasked.Clear();
        if (!Stream.TryReadUnmasked(_unmasked))
        {
            return false;
        }

        _unmasked.ForEach(_channels.Unmask);
        return true;
    }

    public void Dispose()
    {
        _channels.UnbindAll();
        Stream.Dispose();
    }

    private void Release(uint number, IoreqSlot slot)
    {
        slot.Bound = null;
        _numbers.Return(number);
    }

    private void ReleaseWakeUp(uint number)
    {
        _wakeUps.Remove(number, out var counter);
        counter?.Dispose();
        _wakeUpPorts.Remove(number);
        _numbers.Return(number);
    }
}
