using System.Globalization;

namespace XenDmHost.Host.XenStore.Xenbus;

/// <summary>
/// In the toolstack's place: writes and removes the nodes of devices of the kind <c>virtio-mmio</c>, which no toolstack
/// knows (docs/xenstore.md). Each is one transaction, so whoever watches sees a device whole or not at all.
/// </summary>
internal static class XenbusNodes
{
    /// <summary>In our folder: whose device this is, so that nobody else's is removed when domids are given out again.</summary>
    internal const string OwnerNode = "attached-to";

    /// <summary>Writes a device's nodes.</summary>
    /// <returns>
    /// EEXIST: it is attached already. ENOENT: the guest is gone. ENOSPC: no room for its window. Or what the store says.
    /// </returns>
    internal static XenStoreError Attach(XenStoreClient store, AttachRequest request) => store.RunTransaction(transaction =>
    {
        XenStoreResult<string> vm = transaction.Read($"{Domain(request.Guest.Domid)}/vm");
        if (!vm.Ok) return vm.Error;
        if (vm.Value != request.Guest.VmPath) return XenStoreError.ENOENT;
        XenStoreResult<string> state = transaction.Read($"{request.Address.Path}/state");
        if (state.Error != XenStoreError.ENOENT) return state.Ok ? XenStoreError.EEXIST : state.Error;
        return request.ChooseBase(WindowsOf(transaction, request)) is { } window ? Write(transaction, request, window) : XenStoreError.ENOSPC;
    });

    /// <summary>Removes both ends' folders, and the folders above that are empty then.</summary>
    internal static XenStoreError Remove(XenStoreClient store, VirtioNodeAddress address, string guestFolder) => store.RunTransaction(transaction =>
    {
        Prune(transaction, guestFolder, levels: 1);
        Prune(transaction, address.Path, levels: 2);
        Prune(transaction, XenbusErrorNode.Folder(address.Path), levels: 2);
        return XenStoreError.None;
    });

    /// <summary>
    /// Removes what was attached to guests that are gone: libxl does not know of it and leaves it.
    /// </summary>
    /// <returns>The devices that were removed.</returns>
    internal static IReadOnlyList<VirtioNodeAddress> RemoveLeftOvers(XenStoreClient store, uint backEndDomid)
    {
        string root = VirtioNodeAddress.RootOf(backEndDomid, VirtioNodeAddress.XenbusKind);
        XenStoreResult<List<VirtioNodeAddress>> all = VirtioNodes.Enumerate(store, root);
        return all.Ok ? [.. all.Value.Where(address => RemoveIfLeftOver(store, address))] : [];
    }

    private static bool RemoveIfLeftOver(XenStoreClient store, VirtioNodeAddress address)
    {
        bool removed = false;
        XenStoreError error = store.RunTransaction(transaction =>
        {
            removed = false;
            if (!transaction.TryRead($"{address.Path}/{OwnerNode}", out string owner)) return XenStoreError.None;
            XenStoreResult<string> vm = transaction.Read($"{Domain(address.GuestDomid)}/vm");
            bool alive = vm.Ok ? vm.Value == owner : vm.Error != XenStoreError.ENOENT;
            if (alive) return XenStoreError.None;

            // The guest's half goes with the guest; under a domid that is used again it would be another's.
            Prune(transaction, address.Path, levels: 2);
            Prune(transaction, XenbusErrorNode.Folder(address.Path), levels: 2);
            removed = true;
            return XenStoreError.None;
        });
        return removed && error == XenStoreError.None;
    }

    private static XenStoreError Write(XenStoreTransaction transaction, AttachRequest request, ulong window)
    {
        string domid = Text(request.Guest.Domid), own = Text(request.BackEndDomid);
        string ours = request.Address.Path;
        string theirs = $"{Domain(request.Guest.Domid)}/device/{VirtioNodeAddress.XenbusKind}/{request.DeviceId}";
        (string Path, string Value)[] nodes =
        [
            ($"{ours}/frontend", theirs),
            ($"{ours}/frontend-id", domid),
            ($"{ours}/online", "1"),
            ($"{ours}/base", string.Create(CultureInfo.InvariantCulture, $"0x{window:x}")),
            ($"{ours}/size", string.Create(CultureInfo.InvariantCulture, $"0x{GuestOffer.WindowSize:x}")),
            ($"{ours}/transport", "mmio"),
            ($"{ours}/{OwnerNode}", request.Guest.VmPath),
            ($"{ours}/state", "1"),
            ($"{theirs}/backend", ours),
            ($"{theirs}/backend-id", own),
            ($"{theirs}/state", "1"),
        ];
        return First(
            () => Folder(transaction, theirs, owner: request.Guest.Domid, reader: request.BackEndDomid),
            () => Folder(transaction, ours, owner: request.BackEndDomid, reader: request.Guest.Domid),
            () => First([.. nodes.Select(node => (Func<XenStoreError>)(() => transaction.Write(node.Path, node.Value)))]));
    }

    /// <summary>A folder whose children inherit: its owner may do all, the other end may read.</summary>
    private static XenStoreError Folder(XenStoreTransaction transaction, string path, uint owner, uint reader) => First(
        () => transaction.Remove(path) is var error && error == XenStoreError.ENOENT ? XenStoreError.None : error,
        () => transaction.Mkdir(path),
        () => transaction.SetPermissions(path, new StorePermission(StoreAccess.None, owner), new StorePermission(StoreAccess.Read, reader)));

    /// <summary>The windows of the guest's devices of all kinds, as either end tells them.</summary>
    private static List<ulong> WindowsOf(XenStoreTransaction transaction, AttachRequest request)
    {
        List<ulong> windows = [];
        foreach (string kind in VirtioNodeAddress.Kinds)
        {
            string root = VirtioNodeAddress.RootOf(request.BackEndDomid, kind);
            string[] folders = [$"{root}/{request.Guest.Domid}", $"{Domain(request.Guest.Domid)}/device/{kind}"];
            foreach (string folder in folders)
            {
                XenStoreResult<IReadOnlyList<string>> devices = transaction.Directory(folder);
                foreach (string device in devices.Ok ? devices.Value : [])
                {
                    if (transaction.TryRead($"{folder}/{device}/base", out string text) && StoreNumber.TryParse(text, out ulong window)) windows.Add(window);
                }
            }
        }

        return windows;
    }

    private static void Prune(XenStoreTransaction transaction, string path, int levels)
    {
        transaction.Remove(path);
        string? above = StorePath.Parent(path);
        for (int i = 0; i < levels && above is not null && transaction.Directory(above) is { Ok: true, Value.Count: 0 }; i++)
        {
            transaction.Remove(above);
            above = StorePath.Parent(above);
        }
    }

    private static XenStoreError First(params Func<XenStoreError>[] steps)
    {
        foreach (Func<XenStoreError> step in steps)
        {
            if (step() is var error && error != XenStoreError.None) return error;
        }

        return XenStoreError.None;
    }

    private static string Domain(uint domid) => $"/local/domain/{Text(domid)}";

    private static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
