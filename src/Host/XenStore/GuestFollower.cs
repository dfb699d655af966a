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
    private readonly List<XenStoreWatch> _watches = [];
    private GuestIdentity? _present;

    private GuestFollower(XenStoreClient store, string guest, Action<GuestIdentity> came, Action<GuestIdentity> went)
    {
        _store = store;
        _lookup = new GuestLookup(store);
        _guest = guest;
        _came = came;
        _went = went;
    }

    /// <param name="store">The client; closed after this object.</param>
    /// <param name="guest">Name, uuid or domid.</param>
    /// <param name="came">Called when the guest is there, at once if it is already.</param>
    /// <param name="went">Called when it is gone or its domid belongs to another one.</param>
    internal static XenStoreResult<GuestFollower> Follow(XenStoreClient store, string guest, Action<GuestIdentity> came, Action<GuestIdentity> went)
    {
        GuestFollower follower = new(store, guest, came, went);
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

        XenStoreResult<GuestIdentity> found = _lookup.Find(_guest);
        if (!found.Ok) return found.Error != XenStoreError.TimedOut;
        _present = found.Value;

        // A domid is this life's only; over a reboot the guest is known by its uuid.
        if (_guest.All(char.IsAsciiDigit) && found.Value.Uuid is { } uuid) _guest = uuid.ToString("D");
        _came(found.Value);
        return true;
    }
}
