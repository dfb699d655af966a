using XenDmHost.Host.XenStore;

namespace XenDmHost.Host.Guests;

/// <summary>
/// The one guest for which a domain other than dom0 may act as its device model (xenstore: target). Linux, since XSA-482,
/// restricts privcmd to it when it is opened.
/// </summary>
internal static class TargetCheck
{
    /// <summary>What there is to say of this domain's target; null in dom0, which may act for every guest.</summary>
    internal static MachineFinding? Run(XenStoreOperations store, uint ownDomid)
    {
        if (ownDomid == 0)
        {
            return null;
        }

        XenStoreResult<string> target = store.Read($"/local/domain/{ownDomid}/target");
        string text = target.Error switch
        {
            XenStoreError.None when StoreNumber.TryParse(target.Value, out ulong domid) =>
                $"domain {domid}{NameOf(store, domid)}: this domain (number {ownDomid}) may serve that guest and no other",
            XenStoreError.None => $"'{target.Value}' is no domain id: no guest can be served",
            XenStoreError.ENOENT =>
                $"none: this domain (number {ownDomid}) serves guests only if its kernel was started with xen_privcmd.unrestricted=1 and a FLASK policy allows it; "
                + "or make it a guest's device model domain, whose target the toolstack sets",
            _ => $"/local/domain/{ownDomid}/target cannot be read: {target.Error}",
        };
        return new MachineFinding("target", text);
    }

    /// <summary>In a few words, for a line about a guest that is not served: "domain 5 (work)", or "none".</summary>
    internal static string Describe(XenStoreOperations store, uint ownDomid)
    {
        XenStoreResult<string> target = store.Read($"/local/domain/{ownDomid}/target");
        return target.Error switch
        {
            XenStoreError.None when StoreNumber.TryParse(target.Value, out ulong domid) => $"domain {domid}{NameOf(store, domid)}",
            XenStoreError.None => $"'{target.Value}'",
            XenStoreError.ENOENT => "none",
            _ => $"not to be read ({target.Error})",
        };
    }

    private static string NameOf(XenStoreOperations store, ulong domid) =>
        store.TryRead($"/local/domain/{domid}/name", out string name) ? $" ({name})" : "";
}
