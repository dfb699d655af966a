namespace XenDmHost.Host.XenStore;

/// <summary>
/// Waits for a guest to come, and for it to go, and again for the next one of that name: a reboot shows as gone and
/// come, with another domid. The callbacks run on the thread of the watch callbacks.
/// </summary>
internal sealed class GuestFollower : IDisposable
{
    private readonly XenStoreClient _store;
    private readonly GuestLookup _lookup;
    private string _guest;
    private readonly Action<GuestIdentity> _came;
    private readonly Action<GuestIdentity> _went;
    private readonly Action<uint> _hidden;
    private readonly List<XenStoreWatch> _watches = [];
    private GuestIdentity? _present;
    private bool _followsOwn;

    private GuestFollower(XenStoreClient store, string guest, Action<GuestIdentity> came, Action<GuestIdentity> went, Action<uint> hidden)
    {
        _store = store;
        _lookup = new GuestLookup(store);
        _guest = guest;
        _came = came;
        _went = went;
        _hidden = hidden;
    }

    /// <param name="store">The client; closed after this object.</param>
    /// <param name="guest">Name, uuid or domid.</param>
    /// <param name="came">Called when the guest is there, at once if it is already.</param>
    /// <param name="went">Called when it is gone or its domid belongs to another one.</param>
    /// <param name="hidden">Called, while the guest is not there, for each look and guest that may be it, but whose name this domain may not read.</param>
    internal static XenStoreResult<GuestFollower> Follow(
        XenStoreClient store, string guest, Action<GuestIdentity> came, Action<GuestIdentity> went, Action<uint>? hidden = null)
    {
        GuestFollower follower = new(store, guest, came, went, hidden ?? (_ => { }));
        foreach (string special in (string[])["@introduceDomain", "@releaseDomain"])
        {
            XenStoreResult<XenStoreWatch> watch = store.Watch(special, _ => follower.Look());
            if (watch.Ok)
            {
                follower._watches.Add(watch.Value);
                continue;
            }

            follower.Dispose();
            return watch.Error;
        }

        return follower;
    }

    public void Dispose()
    {
        foreach (XenStoreWatch watch in _watches) watch.Dispose();
    }

    private void Look()
    {
        if (!TryLook()) _store.Post(Look);
    }

    /// <summary>False when the store was silent. A lost connection needs no second look: its return fires the watches.</summary>
    private bool TryLook()
    {
        if (_present is { } guest)
        {
            XenStoreResult<bool> stillThere = _lookup.IsStillThere(guest);
            if (!stillThere.Ok) return stillThere.Error != XenStoreError.TimedOut;
            if (stillThere.Value) return true;
            _present = null;
            _went(guest);
        }

        List<uint> hidden = [];
        XenStoreResult<GuestIdentity> found = _lookup.Find(_guest, hidden);
        FollowOwnNodes();
        if (!found.Ok)
        {
            if (found.Error == XenStoreError.ENOENT) hidden.ForEach(_hidden);
            return found.Error != XenStoreError.TimedOut;
        }

        _present = found.Value;

        // A domid is this life's only; over a reboot the guest is known by its uuid.
        if (_guest.All(char.IsAsciiDigit) && found.Value.Uuid is { } uuid) _guest = uuid.ToString("D");
        _came(found.Value);
        return true;
    }

    /// <summary>
    /// A domain that may not list the others is not told that guests come and go (xenstored of Xen 4.20 takes the watches and
    /// fires them once). It sees the toolstack make and remove their devices here, and its own target.
    /// </summary>
    private void FollowOwnNodes()
    {
        if (!_lookup.IsConfined || _followsOwn) return;
        _followsOwn = true;
        foreach (string path in (string[])[GuestLookup.OwnBackEnds, GuestLookup.OwnTarget])
        {
            XenStoreResult<XenStoreWatch> watch = _store.Watch(path, LookAtOwn);
            if (watch.Ok) _watches.Add(watch.Value);
        }
    }

    /// <summary>What happens within a device is no news of its guest: backend/virtio/5/0 is the deepest that is.</summary>
    private void LookAtOwn(string path)
    {
        if (path.Count(character => character == '/') <= 3) Look();
    }
}
