using System.Globalization;

namespace XenDmHost.Host.XenStore;

/// <summary>What tells one stay of a device under an address from the next.</summary>
/// <param name="VmPath">The guest's <c>/vm/&lt;uuid&gt;</c>: domids are given out again.</param>
/// <param name="Online">False: the toolstack wants the device gone.</param>
internal sealed record KnownNode(string VmPath, bool Online)
{
    /// <summary>Null with no error: there is no such device. An error says that nothing is known.</summary>
    internal static XenStoreError TryRead(XenStoreOperations store, VirtioNodeAddress address, out KnownNode? node)
    {
        node = null;
        // The folder may exist before its contents do only if it was not written in a transaction.
        XenStoreError error = store.Read($"{address.Path}/state").Error;
        if (error == XenStoreError.ENOENT) return XenStoreError.None;
        if (error != XenStoreError.None) return error;
        XenStoreResult<string> online = store.Read($"{address.Path}/online");
        if (IsSilence(online.Error)) return online.Error;
        XenStoreResult<string> vm = store.Read(string.Create(CultureInfo.InvariantCulture, $"/local/domain/{address.GuestDomid}/vm"));
        if (IsSilence(vm.Error)) return vm.Error;
        node = new KnownNode(vm.Ok ? vm.Value : "", !online.Ok || online.Value != "0");
        return XenStoreError.None;
    }

    private static bool IsSilence(XenStoreError error) => error is XenStoreError.TimedOut or XenStoreError.Disconnected;
}
