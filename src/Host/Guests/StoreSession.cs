using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Transport;

namespace XenDmHost.Host.Guests;

/// <summary>For commands that do one thing in xenstore and end: the store, our own domain, the guest.</summary>
internal sealed class StoreSession : IDisposable
{
    private readonly XenStoreClient _store;

    private StoreSession(XenStoreClient store)
    {
        _store = store;
        OwnDomid = StoreLocation.OwnDomid(store);
    }

    internal XenStoreClient Store => _store;

    internal uint OwnDomid { get; }

    /// <exception cref="IOException">The store is not there.</exception>
    internal static StoreSession Open(IPlatform platform) => new(platform.ConnectStore(new XenStoreClientOptions()));

    /// <summary>The store of the domain that this process runs in.</summary>
    /// <exception cref="IOException">The store is not there.</exception>
    internal static StoreSession OpenHere() => new(StoreLocation.OfThisDomain.Connect(new XenStoreClientOptions()));

    /// <exception cref="IOException">There is no such guest, or the store does not answer.</exception>
    internal GuestIdentity Find(string guest)
    {
        XenStoreResult<GuestIdentity> found = new GuestLookup(_store).Find(guest);
        if (found.Ok) return found.Value;
        throw new IOException(found.Error == XenStoreError.ENOENT
            ? $"guest '{guest}' is not there: create it first (xl create -p keeps it from starting)"
            : $"guest '{guest}' cannot be looked up in xenstore: {found.Error}");
    }

    /// <summary>The guest's RAM, for choosing places outside of it.</summary>
    internal IReadOnlyList<RamBank> RamOf(IPlatform platform, uint domid)
    {
        using IHypervisor hypervisor = platform.OpenHypervisor();
        using IDomain domain = hypervisor.OpenDomain(domid, GuestMemoryNodes.Read(_store, domid));
        return [.. domain.RamBanks];
    }

    public void Dispose() => _store.Dispose();
}
