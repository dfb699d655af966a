using System.Globalization;

namespace XenDmHost.Host.XenStore;

/// <summary>What tells one stay of a device under an address from the next.</summary>
/// <param name="VmPath">The guest's <c>/vm/&lt;uuid&gt;</c>, since domids are given out again; empty when the toolstack wrote none.</param>
/// <param name="Online">False: the toolstack wants the device gone.</param>
internal sealed record KnownNode(string VmPath, bool Online)
{
    /// <summary>Whether both are known to belong to different guests.</summary>
    internal bool IsAnothersThan(KnownNode before) => VmPath != before.VmPath && VmPath.Length > 0 && before.VmPath.Length > 0;

    /// <summary>
    /// Null with no error: there is no such device. An error says that nothing is known. One transaction, because a
    /// folder that is removed between two reads would look like another guest's.
    /// </summary>
    internal static XenStoreError TryRead(XenStoreClient store, VirtioNodeAddress address, out KnownNode? node)
    {
        KnownNode? read = null;
        XenStoreError error = store.RunTransaction(transaction => TryRead(transaction, address, out read));
        node = read;
        return error;
    }

    private static XenStoreError TryRead(XenStoreTransaction transaction, VirtioNodeAddress address, out KnownNode? node)
    {
        node = null;
        XenStoreError error = transaction.Read($"{address.Path}/state").Error;
        if (error == XenStoreError.ENOENT) return XenStoreError.None;
        if (error != XenStoreError.None) return error;
        XenStoreResult<string> online = transaction.Read($"{address.Path}/online");
        if (IsSilence(online.Error)) return online.Error;
        XenStoreResult<string> vm = transaction.Read(string.Create(CultureInfo.InvariantCulture, $"/local/domain/{address.GuestDomid}/vm"));
        if (IsSilence(vm.Error)) return vm.Error;
        node = new KnownNode(vm.Ok ? vm.Value : "", !online.Ok || online.Value != "0");
        return XenStoreError.None;
    }

    private static bool IsSilence(XenStoreError error) => error is XenStoreError.TimedOut or XenStoreError.Disconnected;
}
