using Microsoft.Extensions.Logging;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Ioreq;
using XenDmHost.Host.XenStore;

namespace XenDmHost.Host.Guests;

/// <summary>
/// Serves one guest for as long as the host runs: waits for it, gives it its devices, and waits again when it is gone.
/// Everything after the start happens on the thread of the store's callbacks.
/// </summary>
internal sealed class GuestRunner : IDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly GuestPlan _plan;
    private readonly GuestServices _services;
    private readonly IPlatform _platform;
    private readonly ILogger _log;
    private readonly HashSet<int> _served = [];
    private XenStoreClient? _store;
    private GuestFollower? _follower;
    private VirtioNodes? _nodes;
    private XenStoreWatch? _memory;
    private IHypervisor? _hypervisor;
    private readonly Timer _later;
    private GuestSession? _session;
    private SessionEvents? _events;
    private uint _domid;

    internal GuestRunner(GuestPlan plan, GuestServices services, IPlatform platform)
    {
        _plan = plan;
        _services = services;
        _platform = platform;
        _log = services.Logs.CreateLogger($"guest {plan.File.Guest}");
        _later = new Timer(_ => _store?.Post(Follow));
    }

    /// <summary>What the guest's accesses were; of the newest session, also after its end.</summary>
    internal IoreqCounters Counters { get; private set; } = new();

    /// <summary>Waits for xenstore and begins to follow the guest; returns when that is done or the wait is cancelled.</summary>
    internal void Start(CancellationToken stopping)
    {
        _store = ConnectStore(stopping);
        _store?.Post(Follow);
    }

    private void OnConnected(SessionEvents session, int deviceId) => _store?.Post(() =>
    {
        if (session == _events)
        {
            WriteState(deviceId, XenbusState.Connected);
        }
    });

    public void Dispose()
    {
        if (_store is not { } store)
        {
            return;
        }

        using ManualResetEventSlim closed = new();
        store.Post(() =>
        {
            CloseSession();
            _follower?.Dispose();
            closed.Set();
        });
        closed.Wait(TimeSpan.FromSeconds(30));
        _later.Dispose();
        store.Dispose();
    }

    private XenStoreClient? ConnectStore(CancellationToken stopping)
    {
        XenStoreClientOptions options = new() { CallbackFailed = fault => _log.LogError(fault, "{Message}", fault.Message) };
        for (int attempt = 0; !stopping.IsCancellationRequested; attempt++)
        {
            try
            {
                return _platform.ConnectStore(options);
            }
            catch (IOException missing)
            {
                if (attempt % 40 == 0)
                {
                    _log.LogInformation("waiting for xenstore: {Reason}: {Advice}", missing.Message, _platform.Advice);
                }

                stopping.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(250));
            }
        }

        return null;
    }

    private void Follow()
    {
        _follower?.Dispose();
        XenStoreResult<GuestFollower> follower = GuestFollower.Follow(_store!, _plan.File.Guest, OnCame, OnWent);
        if (!follower.Ok)
        {
            _log.LogError("the guest cannot be followed in xenstore: {Error}", follower.Error);
            FollowLater();
            return;
        }

        _follower = follower.Value;
        if (new GuestLookup(_store!).Find(_plan.File.Guest).Error == XenStoreError.ENOENT)
        {
            _log.LogInformation("waiting for the guest to be created");
        }
    }

    private void OnCame(GuestIdentity guest)
    {
        CloseSession();
        try
        {
            _domid = guest.Domid;
            _hypervisor = _platform.OpenHypervisor();
            _events = new SessionEvents(OnConnected, OnGone);
            _session = new GuestSession(guest.Name, OpenDomain(guest.Domid), _services, _events, _events.Gone);
            Counters = _session.Counters;
            AddKnownDevices();
            _session.Start();
            FollowNodes();
            FollowMemory();
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            _log.LogError("domain {Domid} cannot be served: {Message}", guest.Domid, error.Message);
            CloseSession();
            FollowLater();
        }
    }

    private IDomain OpenDomain(uint domid) => _hypervisor!.OpenDomain(domid, GuestMemoryNodes.Read(_store!, domid));

    private void OnWent(GuestIdentity guest)
    {
        _log.LogInformation("domain {Domid} is gone", guest.Domid);
        CloseSession();
    }

    /// <summary>On the session's thread: the hypervisor has ended the event channels.</summary>
    private void OnGone(SessionEvents session) => _store?.Post(() =>
    {
        if (session == _events)
        {
            CloseSession();
            Follow();
        }
    });

    /// <summary>What failed may have been in passing: look for the guest again after a pause.</summary>
    private void FollowLater() => _later.Change(RetryPause, Timeout.InfiniteTimeSpan);

    private void CloseSession()
    {
        _nodes?.Dispose();
        _nodes = null;
        _memory?.Dispose();
        _memory = null;
        GuestSession? session = _session;
        _session = null;
        _events = null;
        session?.Dispose();
        _hypervisor?.Dispose();
        _hypervisor = null;
        _served.Clear();
    }

    private void AddKnownDevices()
    {
        foreach (PlannedDevice device in _plan.Devices)
        {
            VirtioNodeAddress address = AddressOf(device.Entry.Id);
            if (_store!.TryRead($"{address.Path}/frontend-id", out _))
            {
                Add(device, address);
            }
            else
            {
                _log.LogInformation("device {Id}: waiting for its node {Path} in xenstore", device.Entry.Id, address.Path);
            }
        }
    }

    private void FollowNodes()
    {
        XenStoreResult<VirtioNodes> nodes = VirtioNodes.Follow(_store!, VirtioNodeAddress.RootOf(0), OnNode);
        if (nodes.Ok)
        {
            _nodes = nodes.Value;
        }
        else
        {
            _log.LogError("devices that come and go cannot be followed in xenstore: {Error}; looking again", nodes.Error);
            FollowLater();
        }
    }

    /// <summary>A target that is raised brings pages which no back-end has mapped yet.</summary>
    private void FollowMemory()
    {
        GuestSession? session = _session;
        XenStoreResult<XenStoreWatch> watch = _store!.Watch(GuestMemoryNodes.TargetOf(_domid), _ => session?.MemoryTargetChanged());
        _memory = watch.Ok ? watch.Value : null;
    }

    private void OnNode(VirtioNodeChange change, VirtioNodeAddress address)
    {
        PlannedDevice? device = _plan.Devices.FirstOrDefault(device => device.Entry.Id == address.DeviceId);
        if (device is null || _session is null || address.GuestDomid != _domid)
        {
            return;
        }

        if (change == VirtioNodeChange.Added)
        {
            Add(device, address);
        }
        else
        {
            Remove(device.Entry.Id);
        }
    }

    private void Add(PlannedDevice device, VirtioNodeAddress address)
    {
        if (_served.Contains(device.Entry.Id))
        {
            return;
        }

        try
        {
            if (!VirtioBackEndNode.TryRead(_store!, address, out VirtioBackEndNode? node, out string reason))
            {
                throw new InvalidOperationException(reason);
            }

            DevicePlan plan = device.For(_domid);
            _session!.Add(plan, WindowOf(plan, node!), plan.Irq ?? node!.Irq);
            _served.Add(plan.Id);
            WriteState(plan.Id, XenbusState.InitWait);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            _log.LogError("device {Id} is not served: {Message}", device.Entry.Id, error.Message);
        }
    }

    private static ulong WindowOf(DevicePlan plan, VirtioBackEndNode node)
    {
        ulong window = plan.Base ?? node.Base;
        return window != 0
            ? window
            : throw new InvalidOperationException("the toolstack gave it no address: set \"transport\": { \"base\": … } in the guest file");
    }

    private void Remove(int id)
    {
        if (_served.Remove(id))
        {
            _session!.Remove(id);
            WriteState(id, XenbusState.Closed);
            _log.LogInformation("device {Id}: removed by the toolstack", id);
        }
    }

    private void WriteState(int id, XenbusState state)
    {
        // The device may be gone by now; then there is nobody to tell.
        if (_session is not null && _store is not null)
        {
            XenbusBackEndState.Write(_store, AddressOf(id).Path, state);
        }
    }

    private VirtioNodeAddress AddressOf(int id) => new(VirtioNodeAddress.RootOf(0), _domid, (uint)id);
}
