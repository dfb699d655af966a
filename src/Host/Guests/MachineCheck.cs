using XenDmHost.Host.Hypervisor.Xen;
using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Transport;

namespace XenDmHost.Host.Guests;

/// <summary>Looks at what kernel and hypervisor of this machine offer to a host of Xen guests; changes nothing.</summary>
internal static class MachineCheck
{
    internal static IReadOnlyList<MachineFinding> Run()
    {
        List<MachineFinding> findings = [.. XenProbe.Run().Select(found => new MachineFinding(found.Subject, found.Text, found.Prevents))];
        StoreLocation store = StoreLocation.OfThisDomain;
        bool reachable = File.Exists(store.SocketPath) || store.DevicePaths.Any(File.Exists);
        findings.Add(new MachineFinding(
            "xenstore",
            reachable ? "there" : $"neither {store.SocketPath} nor {store.DevicePaths[0]} is there: no guest can be found; start xenstored",
            !reachable));
        if (reachable)
        {
            AddTarget(findings, store);
        }

        return findings;
    }

    private static void AddTarget(List<MachineFinding> findings, StoreLocation location)
    {
        try
        {
            using XenStoreClient store = location.Connect(new XenStoreClientOptions { CallbackFailed = _ => { } });
            if (TargetCheck.Run(store, StoreLocation.OwnDomid(store)) is { } target)
            {
                findings.Add(target);
            }
        }
        catch (IOException refused)
        {
            findings.Add(new MachineFinding("xenstore", refused.Message, Prevents: true));
        }
    }
}
