using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.XenStore;

namespace XenDmHost.Host.Guests;

/// <summary>What xenstore says about a guest's memory: memory/static-max and memory/target, in KiB (xenstore-paths).</summary>
internal static class GuestMemoryNodes
{
    internal static string TargetOf(uint domid) => $"/local/domain/{domid}/memory/target";

    /// <summary>Reads both; what is missing or no number is null.</summary>
    internal static GuestMemorySize Read(XenStoreOperations store, uint domid) =>
        new(Number(store, $"/local/domain/{domid}/memory/static-max"), Number(store, TargetOf(domid)));

    private static ulong? Number(XenStoreOperations store, string path) =>
        store.Read(path) is { Ok: true } text && StoreNumber.TryParse(text.Value, out ulong value) ? value : null;
}
