using XenDmHost.Host.Hypervisor;

namespace XenDmHost.Host.Ioreq;

/// <summary>
/// The one thread of a guest that answers its trapped accesses. It waits in a blocking read of the guest's event
/// channels, serves, and only then unmasks the ports: nobody else may find a slot in the middle of being served.
/// </summary>
internal sealed class IoreqLoop : IDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly IEventChannels _channels;
    private readonly IoreqDispatcher _dispatcher;
    private readonly IoreqPage _page;
    private readonly Dictionary<uint, int> _vcpuOfPort = [];
    private readonly uint[] _localPorts;
    private readonly SharedSlots _shared;
    private readonly uint _wakePort;
    private readonly Action<int> _ended;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _passed = new();
    private volatile bool _stopping;
    private volatile bool _over;

    /// <param name="channels">The guest's event channels; this loop is their reader.</param>
    /// <param name="page">The shared page.</param>
    /// <param name="map">The devices.</param>
    /// <param name="name">For the thread's name.</param>
    /// <param name="ended">Told the errno when the channels end under the loop: the guest or the hypervisor is gone.</param>
    internal IoreqLoop(IEventChannels channels, IoreqPage page, MmioMap map, string name, Action<int> ended)
    {
        _channels = channels;
        _page = page;
        _ended = ended;
        _wakePort = channels.BindWakeUp();
        _shared = new SharedSlots(page.VcpuCount, channels.Wake);
        uint[] localPorts = _localPorts = new uint[page.VcpuCount];
        for (int vcpu = 0; vcpu < localPorts.Length; vcpu++)
        {
            localPorts[vcpu] = channels.BindInterdomain(page.VpEport(vcpu));
            _vcpuOfPort[localPorts[vcpu]] = vcpu;
        }

        _dispatcher = new IoreqDispatcher(page, channels, map, localPorts, _shared);
        _thread = new Thread(Run) { Name = $"ioreq {name}", IsBackground = true };
    }

    internal IoreqDispatcher Dispatcher => _dispatcher;

    /// <summary>The local port of each vCPU.</summary>
    internal ReadOnlySpan<uint> LocalPorts => _localPorts;

    /// <summary>Any thread: the kernel will answer some of the requests.</summary>
    internal void ShareSlots() => _shared.IsShared = true;

    /// <summary>Any thread: what was left to the kernel may be nobody's any more.</summary>
    internal void LookAgain() => _channels.Wake();

    /// <summary>Begins to answer, starting with what a predecessor left.</summary>
    internal void Start() => _thread.Start();

    /// <summary>
    /// Returns when every request that was being served at the call is answered or held: a device that was taken from the
    /// map before is not called any more.
    /// </summary>
    /// <returns>False when the limit for that is over.</returns>
    internal bool Synchronize()
    {
        _passed.Reset();
        _channels.Wake();
        return _over || !_thread.IsAlive || _passed.Wait(StopLimit);
    }

    public void Dispose()
    {
        _stopping = true;
        _channels.Wake();
        if (_thread.IsAlive)
        {
            _thread.Join(StopLimit);
        }

        _shared.Dispose();
    }

    private void Run()
    {
        try
        {
            Answer();
        }
        finally
        {
            // Whoever waits for the wake-up must not wait for one that nobody takes any more.
            _over = true;
            _passed.Set();
        }
    }

    private void Answer()
    {
        AnnounceOldAnswers();
        Span<uint> ports = stackalloc uint[256];
        while (!_stopping)
        {
            int count = _channels.Wait(ports);
            if (count < 0)
            {
                if (!_stopping)
                {
                    _ended(-count);
                }

                return;
            }

            ReadOnlySpan<uint> pending = ports[..count];
            foreach (uint port in pending)
            {
                Serve(port);
            }

            // After all events that came together with the wake-up: they tell what is new.
            if (_shared.IsAnyLeft)
            {
                _dispatcher.LookAgain();
            }

            _channels.Unmask(pending);
        }
    }

    private void Serve(uint port)
    {
        if (port == _wakePort)
        {
            _passed.Set();
        }
        else if (_vcpuOfPort.TryGetValue(port, out int vcpu))
        {
            _shared.Event(vcpu);
            _dispatcher.Serve(vcpu);
        }
    }

    private void AnnounceOldAnswers()
    {
        for (int vcpu = 0; vcpu < _page.VcpuCount; vcpu++)
        {
            if (_page.IsAnswered(vcpu))
            {
                _dispatcher.Announce(vcpu);
            }
        }
    }
}
