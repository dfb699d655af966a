namespace XenDmHost.Simulation.Hypervisor;

/// <summary>
/// One open of /dev/xen/evtchn: the local ports of a connection. A port that was delivered is masked until its number is
/// written back; an event that comes meanwhile is delivered then, once. Numbers that are not ours are ignored, as Linux does.
/// </summary>
internal sealed class EventChannels(IPortStream stream)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, EventChannelPort> _ports = [];

    /// <summary>Binds a local port. Nothing is delivered before somebody raises it.</summary>
    internal EventChannelPort Bind(uint number, Action released)
    {
        var port = new EventChannelPort(this, number) { Released = released };
        lock (_gate)
        {
            _ports.Add(number, port);
        }

        return port;
    }

    internal void Raise(EventChannelPort port)
    {
        lock (_gate)
        {
            if (_ports.GetValueOrDefault(port.Number) == port)
            {
                Deliver(port);
            }
        }
    }

    /// <summary>The host wrote the number back.</summary>
    internal void Unmask(uint number)
    {
        lock (_gate)
        {
            if (!_ports.TryGetValue(number, out var port) || !port.Masked)
            {
                return;
            }

            port.Masked = false;
            if (port.Pending)
            {
                port.Pending = false;
                Deliver(port);
            }
        }
    }

    internal bool TryUnbind(uint number)
    {
        EventChannelPort? port;
        lock (_gate)
        {
            if (!_ports.Remove(number, out port))
            {
                return false;
            }
        }

        port.Released?.Invoke();
        return true;
    }

    internal void UnbindAll()
    {
        EventChannelPort[] all;
        lock (_gate)
        {
            all = [.. _ports.Values];
            _ports.Clear();
        }

        foreach (var port in all)
        {
            port.Released?.Invoke();
        }
    }

    private void Deliver(EventChannelPort port)
    {
        if (port.Masked)
        {
            port.Pending = true;
            return;
        }

        port.Masked = true;
        stream.Send(port.Number);
    }
}
