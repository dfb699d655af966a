using Microsoft.Extensions.Logging;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Ioreq;
using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Transport;
using XenDmHost.Host.XenStore.Xenbus;

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
    private XenStoreWatch? _memory;
    private readonly Timer _later;
    private XenStoreClient? _store;
    private GuestLock? _lock;
    private uint _ownDomid;
    private GuestFollower? _follower;
    private IHypervisor? _hypervisor;
    private string _lastProblem = "";
    private readonly HashSet<uint> _hidden = [];
    private volatile GuestSession? _session;
    private GuestDevices? _devices;
    private SessionEvents? _events;

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

    /// <summary>What went through this process, by device; empty while the guest is not there. Any thread.</summary>
    internal IReadOnlyList<DeviceCounts> DeviceCounts() => _session?.DeviceCounts() ?? [];

    /// <summary>Waits for xenstore and begins to follow the guest; returns when that is done or the wait is cancelled.</summary>
    internal void Start(CancellationToken stopping)
    {
        _lock = TakeGuest(stopping);
        _store = stopping.IsCancellationRequested ? null : ConnectStore(stopping);
        _store?.Post(Begin);
    }

    /// <summary>Two hosts of one guest would take each other's accesses, and its registers.</summary>
    private GuestLock? TakeGuest(CancellationToken stopping)
    {
        string file = Path.Combine(_services.StateFolder ?? "", _plan.File.Guest + GuestLock.Suffix);
        for (bool said = false; _services.StateFolder is not null && !stopping.IsCancellationRequested; said = true)
        {
            if (GuestLock.TryTake(file, out GuestLock? taken, out string problem))
            {
                return taken;
            }

            if (!said)
            {
                _log.LogWarning("waiting for the host that serves this guest to end: {Problem}: end it, or give this one another guest file", problem);
            }

            stopping.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(250));
        }

        return null;
    }

    private void OnConnected(SessionEvents session, int deviceId) => _store?.Post(() =>
    {
        if (session == _events)
        {
            _devices?.BackEndReady(deviceId);
        }
    });

    public void Dispose()
    {
        if (_store is not { } store)
        {
            _lock?.Dispose();
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
        _lock?.Dispose();
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

    /// <summary>What a guest left that went while no host was there is removed first.</summary>
    private void Begin()
    {
        _ownDomid = StoreLocation.OwnDomid(_store!);
        XenbusNodes.RemoveLeftOvers(_store!, _ownDomid);
        Follow();
    }

    private void Follow()
    {
        _follower?.Dispose();
        XenStoreResult<GuestFollower> follower = GuestFollower.Follow(_store!, _plan.File.Guest, OnCame, OnWent, OnHidden);
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
            DeviceStates.Remove(_services.StateFolder, _plan.File.Guest, domid: null);
        }
    }

    private void OnCame(GuestIdentity guest)
    {
        CloseSession();
        try
        {
            Serve(guest);
        }
        catch (Exception error)
        {
            // It is tried again and again; only what is new is worth a line.
            string problem = $"domain {guest.Domid} cannot be served: {error.Message}{WhoseTarget()}";
            _log.Log(problem == _lastProblem ? LogLevel.Debug : LogLevel.Error, "{Problem}", problem);
            _lastProblem = problem;
            CloseSession();
            FollowLater();
        }
    }

    /// <summary>Outside of dom0 most refusals are about this.</summary>
    private string WhoseTarget() => _ownDomid == 0 ? "" : $" (this is domain {_ownDomid}, its target: {TargetCheck.Describe(_store!, _ownDomid)})";

    /// <summary>Somebody's devices are here, but not whose: the guest that is waited for would be found neither by name nor by uuid.</summary>
    private void OnHidden(uint domid)
    {
        if (_hidden.Add(domid))
        {
            _log.LogError(
                "domain {Domid} has devices here, but xenstore does not let this domain read its name and uuid, so it is not known whether it is this guest{Target}: "
                + "make it this domain's target (XS_SET_TARGET), for one guest alone, or serve it by its domain id under a FLASK policy, or from dom0",
                domid, WhoseTarget());
        }
    }

    private void Serve(GuestIdentity guest)
    {
        _hypervisor = _platform.OpenHypervisor();
        _events = new SessionEvents(OnConnected, OnGone);
        IDomain domain = _hypervisor.OpenDomain(guest.Domid, GuestMemoryNodes.Read(_store!, guest.Domid));
        DeviceStates states = new(_services.StateFolder, _plan.File.Guest, guest.Domid, guest.VmPath, _log);
        states.RemoveOlder();
        _session = new GuestSession(guest.IsUnread ? _plan.File.Guest : guest.Name, domain, states, _services, _events, _events.Gone);
        Counters = _session.Counters;
        _devices = new GuestDevices(_plan, guest.Domid, _ownDomid, _store!, _session, _log, _services.Limits.Handshake);
        AttachMissing(guest, domain.RamBanks);
        _devices.AddKnown();
        _session.Start();
        XenStoreError error = _devices.Follow();
        if (error != XenStoreError.None)
        {
            throw new IOException($"devices that come and go cannot be followed in xenstore: {error}; looking again");
        }

        FollowMemory(guest.Domid);
        _lastProblem = "";
    }

    /// <summary>A target that is raised brings pages which no back-end has mapped yet.</summary>
    private void FollowMemory(uint domid)
    {
        GuestSession? session = _session;
        XenStoreClient store = _store!;
        MemoryTarget target = new();
        XenStoreResult<XenStoreWatch> watch = store.Watch(GuestMemoryNodes.TargetOf(domid), _ =>
            session?.MemoryTargetChanged(target.IsRaisedToWhole(GuestMemoryNodes.Read(store, domid))));
        _memory = watch.Ok ? watch.Value : null;
    }

    /// <summary>Where no toolstack makes nodes for devices we do, each time that the guest starts.</summary>
    private void AttachMissing(GuestIdentity guest, IReadOnlyList<RamBank> ram)
    {
        if (!(_plan.File.Attach ?? _platform.AttachesByItself))
        {
            return;
        }

        DeviceAttacher attacher = new(_store!, _ownDomid);
        foreach (PlannedDevice device in _devices!.WithoutNode())
        {
            if (attacher.Attach(guest, ram, device) is { } problem)
            {
                _log.LogError("device {Id} is not attached: {Problem}", device.Entry.Id, problem);
            }
            else
            {
                _log.LogInformation("device {Id}: attached to domain {Domid}", device.Entry.Id, guest.Domid);
            }
        }
    }

    private void OnWent(GuestIdentity guest)
    {
        _log.LogInformation("domain {Domid} is gone", guest.Domid);
        CloseSession();
        DeviceStates.Remove(_services.StateFolder, _plan.File.Guest, guest.Domid);
        XenbusNodes.RemoveLeftOvers(_store!, _ownDomid);
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
        _devices?.Dispose();
        _devices = null;
        _memory?.Dispose();
        _memory = null;
        GuestSession? session = _session;
        _session = null;
        _events = null;
        session?.Dispose();
        _hypervisor?.Dispose();
        _hypervisor = null;
    }
}
