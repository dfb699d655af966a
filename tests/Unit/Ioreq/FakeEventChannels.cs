using XenDmHost.Host.Hypervisor;

namespace XenDmHost.UnitTests.Ioreq;

/// <summary>
/// Event channels of one guest in memory: local ports begin at 100, a port that was taken is masked until it is unmasked,
/// and what comes meanwhile is delivered then.
/// </summary>
internal sealed class FakeEventChannels : IEventChannels
{
    internal const uint FirstPort = 100;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly object _gate = new();
    private readonly bool[] _pending = new bool[16];
    private readonly bool[] _masked = new bool[16];
    private readonly uint[] _remote = new uint[16];
    private readonly int[] _notified = new int[16];
    private int _bound;
    private int _wakePort;
    private int _error;

    /// <summary>Called for each notification, on the thread that gives it.</summary>
    internal Action<uint>? Notified { get; set; }

    public uint BindInterdomain(uint remotePort)
    {
        lock (_gate)
        {
            _remote[_bound] = remotePort;
            _pending[_bound] = true;
            return FirstPort + (uint)_bound++;
        }
    }

    public uint BindWakeUp()
    {
        lock (_gate)
        {
            _wakePort = _bound;
            return FirstPort + (uint)_bound++;
        }
    }

    public int Wait(Span<uint> ports)
    {
        lock (_gate)
        {
            while (true)
            {
                if (_error != 0)
                {
                    return -_error;
                }

                int count = Take(ports);
                if (count > 0)
                {
                    return count;
                }

                Assert.True(Monitor.Wait(_gate, Limit), "nobody made a port pending");
            }
        }
    }

    public void Unmask(ReadOnlySpan<uint> ports)
    {
        lock (_gate)
        {
            foreach (uint port in ports)
            {
                _masked[port - FirstPort] = false;
            }
        }
    }

    public void Notify(uint localPort)
    {
        lock (_gate)
        {
            _notified[localPort - FirstPort]++;
            Monitor.PulseAll(_gate);
        }

        Notified?.Invoke(localPort);
    }

    public void Wake() => Raise(FirstPort + (uint)_wakePort);

    public void Dispose()
    {
    }

    /// <summary>The guest's side: makes a local port pending.</summary>
    internal void Raise(uint localPort)
    {
        lock (_gate)
        {
            _pending[localPort - FirstPort] = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The event channels end with an errno.</summary>
    internal void End(int errno)
    {
        lock (_gate)
        {
            _error = errno;
            Monitor.PulseAll(_gate);
        }
    }

    internal bool IsMasked(uint localPort)
    {
        lock (_gate)
        {
            return _masked[localPort - FirstPort];
        }
    }

    internal uint RemoteOf(uint localPort) => _remote[localPort - FirstPort];

    internal int NotificationsOf(uint localPort) => Volatile.Read(ref _notified[localPort - FirstPort]);

    /// <summary>Waits until a port was notified this often.</summary>
    internal void WaitForNotifications(uint localPort, int count)
    {
        lock (_gate)
        {
            while (_notified[localPort - FirstPort] < count)
            {
                Assert.True(Monitor.Wait(_gate, Limit), $"port {localPort} was notified {_notified[localPort - FirstPort]} times");
            }
        }
    }

    private int Take(Span<uint> ports)
    {
        int count = 0;
        for (int i = 0; i < _bound && count < ports.Length; i++)
        {
            if (_pending[i] && !_masked[i])
            {
                _pending[i] = false;
                _masked[i] = true;
                ports[count++] = FirstPort + (uint)i;
            }
        }

        return count;
    }
}
