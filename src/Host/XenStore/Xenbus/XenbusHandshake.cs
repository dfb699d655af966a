namespace XenDmHost.Host.XenStore.Xenbus;

/// <summary>
/// Our half of one device's handshake. Watches of both folders say when to look; each look reads both ends anew and does
/// what <see cref="HandshakeRules"/> says. Everything happens on the thread of the store's callbacks.
/// </summary>
internal sealed class XenbusHandshake : IDisposable
{
    /// <summary>After so many refusals the device is left alone until its node is made anew: a guest must not fill our log.</summary>
    private const int MaxRefusals = 16;

    private const int EINVAL = 22;
    private const int ETIMEDOUT = 110;

    private readonly XenStoreClient _store;
    private readonly string _folder;
    private readonly string _guestFolder;
    private readonly IXenbusDevice _device;
    private readonly HandshakeLimits _limits;
    private readonly Timer _linger;
    private readonly Timer _patience;
    private readonly List<XenStoreWatch> _watches = [];
    private XenbusState? _written;
    private XenbusState? _refusedAt;
    private GuestOffer? _bound;
    private int _refusals;
    private bool _refused;
    private bool _waits;
    private bool _overdue;
    private bool _sentAway;
    private bool _leaving;
    private bool _released;
    private bool _disposed;

    /// <param name="store">The client.</param>
    /// <param name="folder">Our folder of the device.</param>
    /// <param name="guestFolder">The guest's folder of the device.</param>
    /// <param name="device">The device.</param>
    /// <param name="limits">How long the ends wait for each other.</param>
    internal XenbusHandshake(XenStoreClient store, string folder, string guestFolder, IXenbusDevice device, HandshakeLimits limits)
    {
        _store = store;
        _folder = folder;
        _guestFolder = guestFolder;
        _device = device;
        _limits = limits;
        _linger = new Timer(_ => _store.Post(ReleaseNow));
        _patience = new Timer(_ => _store.Post(LoseConfidence));
    }

    /// <summary>Our state as it was last seen or written.</summary>
    internal XenbusState? State => _written;

    /// <summary>Begins to follow both ends; the first look comes with the watches.</summary>
    internal XenStoreError Start()
    {
        foreach (string folder in (string[])[_folder, _guestFolder])
        {
            XenStoreResult<XenStoreWatch> watch = _store.Watch(folder, _ => Look());
            if (!watch.Ok) return watch.Error;
            _watches.Add(watch.Value);
        }

        return XenStoreError.None;
    }

    /// <summary>Looks at both ends and takes the step that is due.</summary>
    internal void Look()
    {
        if (_disposed || _released) return;
        XenStoreError error = TryView(out HandshakeView view);
        if (error == XenStoreError.None) error = Take(view);

        // A lost connection fires the watches when it is back; silence does not.
        if (error is XenStoreError.TimedOut or XenStoreError.EAGAIN) _store.Post(Look);
    }

    /// <summary>Stops following; the states stay as they are, for a successor.</summary>
    public void Dispose()
    {
        _disposed = true;
        _watches.ForEach(watch => watch.Dispose());
        _linger.Dispose();
        _patience.Dispose();
    }

    private XenStoreError TryView(out HandshakeView view)
    {
        view = default;
        XenStoreError error = TryReadState(_folder, out XenbusState? ours);
        if (error != XenStoreError.None) return error;
        error = TryReadState(_guestFolder, out XenbusState? theirs);
        if (error != XenStoreError.None) return error;
        XenStoreResult<string> online = _store.Read($"{_folder}/online");
        if (online.Error is XenStoreError.TimedOut or XenStoreError.Disconnected) return online.Error;

        // The state that stood there when we came may well have been our predecessor's.
        _written ??= ours;
        if (_refused && theirs != _refusedAt) _refused = false;
        view = new HandshakeView
        {
            Ours = ours,
            Theirs = theirs,
            Online = !_leaving && (!online.Ok || online.Value != "0"),
            OursIsForeign = ours != _written,
            Bound = _bound is not null,
            Refused = _refused || _refusals >= MaxRefusals,
            Ready = _device.IsReady,
            Overdue = _overdue,
            SentAway = _sentAway,
        };
        WatchTheClock(view);
        return XenStoreError.None;
    }

    /// <summary>The time runs from when the driver begins to wait for the daemon, once for each driver.</summary>
    private void WatchTheClock(in HandshakeView view)
    {
        if (view.Theirs == XenbusState.Connected) _sentAway = false;
        bool waits = view.WaitsForDaemon;
        if (waits == _waits) return;
        _waits = waits;
        _overdue = false;
        _patience.Change(waits ? _limits.Daemon : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void LoseConfidence()
    {
        _overdue = _waits;
        Look();
    }

    private XenStoreError TryReadState(string folder, out XenbusState? state)
    {
        XenStoreResult<string> text = _store.Read($"{folder}/state");
        state = text.Ok ? StoreNumber.ParseState(text.Value) : null;
        return text.Ok || text.Error is XenStoreError.ENOENT or XenStoreError.EACCES ? XenStoreError.None : text.Error;
    }

    private XenStoreError Take(in HandshakeView view)
    {
        switch (HandshakeRules.Decide(view))
        {
            case HandshakeAction.Vanish: return Vanish(view);
            case HandshakeAction.Leave: return Leave(view);
            case HandshakeAction.Offer: return Offer(view);
            case HandshakeAction.Connect or HandshakeAction.Recheck: return Connect(view);
            case HandshakeAction.Close: return Write(XenbusState.Closing);
            case HandshakeAction.Finish: return Finish(view);
            case HandshakeAction.GiveUp: return GiveUp();
            case HandshakeAction.Refuse: return Refuse(view, $"{_guestFolder}/state: the guest wrote a state that means nothing here; expected 1, 3, 4, 5 or 6");
            default: return XenStoreError.None;
        }
    }

    private XenStoreError Vanish(in HandshakeView view)
    {
        // While it lingers only the guest's end, or the time, releases a device.
        if (!_leaving || HasLetGo(view)) ReleaseNow();
        return XenStoreError.None;
    }

    private XenStoreError Leave(in HandshakeView view)
    {
        // First the word that the toolstack waits for; what takes time comes after the events that wait already.
        XenStoreError error = view.Ours == XenbusState.Closed ? XenStoreError.None : Write(XenbusState.Closed);
        if (error is XenStoreError.TimedOut or XenStoreError.Disconnected or XenStoreError.EAGAIN) return error;
        if (!_leaving) _linger.Change(_limits.Linger, Timeout.InfiniteTimeSpan);
        _leaving = true;
        if (HasLetGo(view)) _store.Post(ReleaseNow);
        return XenStoreError.None;
    }

    /// <summary>A guest whose driver never came, or is through with it, makes no access any more.</summary>
    private bool HasLetGo(in HandshakeView view) =>
        _bound is null || view.Theirs is null or XenbusState.Closed or XenbusState.Initialising;

    private XenStoreError Offer(in HandshakeView view)
    {
        if (!_device.TryReset()) return XenStoreError.None;
        Unbind();
        if (_device.Claim() is { } reason) return Refuse(view, reason);
        return view.Ours == XenbusState.InitWait ? XenStoreError.None : Write(XenbusState.InitWait);
    }

    private XenStoreError Connect(in HandshakeView view)
    {
        XenStoreError error = GuestOffer.TryRead(_store, _guestFolder, out GuestOffer offer, out string problem);
        if (error != XenStoreError.None) return error;
        if (problem.Length > 0) return Refuse(view, problem);
        if (_bound != offer)
        {
            if (_device.Claim() is { } unclaimed) return Refuse(view, unclaimed);
            if (_device.Connect(offer) is { } reason) return Refuse(view, reason);
            _bound = offer;
        }

        return view.Ours == XenbusState.Connected ? XenStoreError.None : Write(XenbusState.Connected);
    }

    private XenStoreError Finish(in HandshakeView view)
    {
        if (view.Theirs is null or XenbusState.Closed)
        {
            if (!_device.TryReset()) return XenStoreError.None;
            Unbind();
        }

        return view.Ours == XenbusState.Closed ? XenStoreError.None : Write(XenbusState.Closed);
    }

    /// <summary>
    /// A guest must not wait for ever for what may never come: it goes on without the device. The same driver is offered the
    /// device again when the daemon is there, and a driver that begins anew before that waits anew.
    /// </summary>
    private XenStoreError GiveUp()
    {
        _sentAway = true;
        XenbusErrorNode.Write(_store, _folder, ETIMEDOUT, _device.SentAway());
        return Write(XenbusState.Closing);
    }

    private XenStoreError Refuse(in HandshakeView view, string reason)
    {
        _refused = true;
        _refusedAt = view.Theirs;
        _refusals++;
        Unbind();
        _device.Refused(_refusals < MaxRefusals ? reason : $"{reason}; refused {MaxRefusals} times now and left alone until it is attached anew");
        XenbusErrorNode.Write(_store, _folder, EINVAL, reason);
        return view.Ours is XenbusState.Closing or XenbusState.Closed ? XenStoreError.None : Write(XenbusState.Closing);
    }

    private void Unbind()
    {
        if (_bound is null) return;
        _bound = null;
        _device.Disconnect();
    }

    private void ReleaseNow()
    {
        if (_released || _disposed) return;
        _released = true;
        Unbind();
        _device.Release();
    }

    private XenStoreError Write(XenbusState state)
    {
        XenStoreError error = XenbusBackEndState.Write(_store, _folder, state);
        if (error == XenStoreError.None) _written = state;

        // Gone in the meantime: the watch that tells so is on its way.
        return error == XenStoreError.ENOENT ? XenStoreError.None : error;
    }
}
