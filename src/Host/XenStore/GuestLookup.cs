using System.Globalization;

namespace XenDmHost.Host.XenStore;

/// <summary>Finds guests in the store.</summary>
internal sealed class GuestLookup(XenStoreClient store)
{
    private const string Domains = "/local/domain";

    /// <summary>
    /// The guest that is called <paramref name="guest"/> (name, uuid or domid). ENOENT: there is none now. Of two with
    /// one name, as for a moment during a reboot, the one with the higher domid.
    /// </summary>
    internal XenStoreResult<GuestIdentity> Find(string guest)
    {
        XenStoreResult<IReadOnlyList<string>> names = store.Directory(Domains);
        if (!names.Ok) return names.Error;
        foreach (uint domid in Guests(names.Value))
        {
            XenStoreResult<GuestIdentity> identity = Identify(domid);
            if (identity.Error is XenStoreError.Disconnected or XenStoreError.TimedOut) return identity.Error;
            if (identity.Ok && identity.Value.Answers(guest)) return identity.Value;
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
        return now.Ok && now.Value.VmPath == guest.VmPath;
    }

    private static IEnumerable<uint> Guests(IEnumerable<string> names) => names
        .Select(name => uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out uint domid) ? domid : 0)
        .Where(domid => domid != 0)
        .OrderDescending();
}
