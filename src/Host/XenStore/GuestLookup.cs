using System.Globalization;

namespace XenDmHost.Host.XenStore;

/// <summary>Finds guests in the store.</summary>
internal sealed class GuestLookup(XenStoreClient store)
{
    /// <summary>Relative, below /local/domain/OWN: the one guest for which this domain may act.</summary>
    internal const string OwnTarget = "target";

    /// <summary>Relative, below /local/domain/OWN: the devices that the toolstack wants from this domain.</summary>
    internal const string OwnBackEnds = "backend";

    private const string Domains = "/local/domain";

    /// <summary>
    /// Whether the store does not let this domain list the others, as anywhere but in dom0 (seen with xenstored of Xen 4.20). Then
    /// there are no events of guests that come and go either. Known after the first search.
    /// </summary>
    internal bool IsConfined { get; private set; }

    /// <summary>
    /// The guest that is called <paramref name="guest"/> (name, uuid or domid). ENOENT: there is none now. Of two with
    /// one name, as for a moment during a reboot, the one with the higher domid.
    /// </summary>
    /// <param name="guest">Name, uuid or domid.</param>
    /// <param name="hidden">Gets the guests that are here, but that this domain may not read the names of.</param>
    internal XenStoreResult<GuestIdentity> Find(string guest, ICollection<uint>? hidden = null)
    {
        XenStoreResult<IReadOnlyList<string>> names = Names();
        if (!names.Ok) return names.Error;
        foreach (uint domid in Guests(names.Value))
        {
            XenStoreResult<GuestIdentity> identity = Identify(domid);
            if (identity.Error is XenStoreError.Disconnected or XenStoreError.TimedOut) return identity.Error;
            if (identity.Error == XenStoreError.EACCES && HasDevicesHere(domid).Value) identity = GuestIdentity.Unread(domid);
            if (identity.Ok && identity.Value.Answers(guest)) return identity.Value;
            if (identity is { Ok: true, Value.IsUnread: true }) hidden?.Add(domid);
        }

        return XenStoreError.ENOENT;
    }

    /// <summary>The guest under a domid; ENOENT when there is none, or only what one has left behind.</summary>
    internal XenStoreResult<GuestIdentity> Identify(uint domid)
    {
        string folder = string.Create(CultureInfo.InvariantCulture, $"{Domains}/{domid}");
        XenStoreResult<string> vm = store.Read($"{folder}/vm");
        if (!vm.Ok) return vm.Error;
        XenStoreResult<string> name = store.Read($"{folder}/name");
        if (!name.Ok) return name.Error;

        // A caller without privilege may not ask (EACCES); then the folder has to do.
        XenStoreResult<bool> introduced = store.IsDomainIntroduced(domid);
        if (introduced is { Ok: true, Value: false }) return XenStoreError.ENOENT;
        return new GuestIdentity(domid, name.Value, vm.Value);
    }

    /// <summary>Whether the very same guest is still there; an error when the store gives no answer.</summary>
    internal XenStoreResult<bool> IsStillThere(GuestIdentity guest)
    {
        XenStoreResult<GuestIdentity> now = Identify(guest.Domid);
        if (now.Error is XenStoreError.Disconnected or XenStoreError.TimedOut) return now.Error;
        return guest.IsUnread ? HasDevicesHere(guest.Domid) : now.Ok && now.Value.VmPath == guest.VmPath;
    }

    private XenStoreResult<bool> HasDevicesHere(uint domid)
    {
        XenStoreResult<List<string>> names = NamesInOwnFolder();
        return names.Ok ? Guests(names.Value).Contains(domid) : names.Error;
    }

    /// <summary>
    /// All domains; in a domain that may not list them its target, and the guests to which the toolstack gave devices here.
    /// </summary>
    private XenStoreResult<IReadOnlyList<string>> Names()
    {
        XenStoreResult<IReadOnlyList<string>> all = store.Directory(Domains);
        IsConfined = all.Error == XenStoreError.EACCES || (IsConfined && !all.Ok);
        if (all.Error != XenStoreError.EACCES) return all;
        XenStoreResult<string> target = store.Read(OwnTarget);
        if (target.Error is XenStoreError.Disconnected or XenStoreError.TimedOut) return target.Error;
        XenStoreResult<List<string>> here = NamesInOwnFolder();
        if (!here.Ok) return here.Error;
        return target.Ok ? [.. here.Value, target.Value] : here.Value;
    }

    private XenStoreResult<List<string>> NamesInOwnFolder()
    {
        List<string> names = [];
        foreach (string kind in VirtioNodeAddress.Kinds)
        {
            XenStoreResult<IReadOnlyList<string>> guests = store.Directory($"{OwnBackEnds}/{kind}");
            if (guests.Error is XenStoreError.Disconnected or XenStoreError.TimedOut) return guests.Error;
            if (guests.Ok) names.AddRange(guests.Value);
        }

        return names;
    }

    private static IEnumerable<uint> Guests(IEnumerable<string> names) => names
        .Select(name => uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out uint domid) ? domid : 0)
        .Where(domid => domid != 0)
        .Distinct()
        .OrderDescending();
}
