namespace XenDmHost.Host.XenStore;

/// <summary>
/// Follows the devices that the toolstack wants from us. Whatever exists at the start is reported first; after that
/// watch events say where to look, and differences to what is known are reported, on the thread of the watch callbacks.
/// </summary>
internal sealed class VirtioNodes : IDisposable
{
    private readonly XenStoreClient _store;
    private readonly string _root;
    private readonly Action<VirtioNodeChange, VirtioNodeAddress> _changed;
    private readonly Dictionary<VirtioNodeAddress, KnownNode> _known = [];
    private XenStoreWatch? _watch;

    private VirtioNodes(XenStoreClient store, string root, Action<VirtioNodeChange, VirtioNodeAddress> changed)
    {
        _store = store;
        _root = root;
        _changed = changed;
    }

    /// <param name="store">The client; closed after this object.</param>
    /// <param name="root">For example <see cref="VirtioNodeAddress.RootOf"/>(0).</param>
    /// <param name="changed">Told every change; may ask the store.</param>
    internal static XenStoreResult<VirtioNodes> Follow(XenStoreClient store, string root, Action<VirtioNodeChange, VirtioNodeAddress> changed)
    {
        VirtioNodes nodes = new(store, root, changed);
        XenStoreResult<XenStoreWatch> watch = store.Watch(root, nodes.OnEvent);
        if (!watch.Ok) return watch.Error;
        nodes._watch = watch.Value;
        return nodes;
    }

    /// <summary>The devices there are; a folder whose name is no number is none.</summary>
    internal static XenStoreResult<List<VirtioNodeAddress>> Enumerate(XenStoreOperations store, string root)
    {
        XenStoreResult<IReadOnlyList<string>> guests = ChildrenOf(store, root);
        if (!guests.Ok) return guests.Error;
        List<VirtioNodeAddress> found = [];
        foreach (string guest in guests.Value)
        {
            XenStoreResult<IReadOnlyList<string>> devices = ChildrenOf(store, $"{root}/{guest}");
            if (!devices.Ok) return devices.Error;
            foreach (string device in devices.Value)
            {
                if (VirtioNodeAddress.TryParse(root, guest, device, out VirtioNodeAddress address)) found.Add(address);
            }
        }

        return found;
    }

    public void Dispose() => _watch?.Dispose();

    private static XenStoreResult<IReadOnlyList<string>> ChildrenOf(XenStoreOperations store, string path)
    {
        XenStoreResult<IReadOnlyList<string>> names = store.Directory(path);
        return names.Error == XenStoreError.ENOENT ? new(XenStoreError.None, []) : names;
    }

    private void OnEvent(string path)
    {
        // .../virtio/5/0/base: of the nodes below a device, only online says something about its being there.
        string[] names = path.Length > _root.Length ? path[(_root.Length + 1)..].Split('/') : [];
        if (names.Length > 2 && names[2] is not ("online" or "state")) return;
        XenStoreError error = names.Length >= 2 ? LookAtOne(names[0], names[1]) : LookAtAll();

        // Nothing is known yet. A lost connection ends in an event for the watch; silence and endless conflicts do not.
        if (error is XenStoreError.TimedOut or XenStoreError.EAGAIN) _store.Post(() => OnEvent(path));
    }

    private XenStoreError LookAtAll()
    {
        XenStoreResult<List<VirtioNodeAddress>> found = Enumerate(_store, _root);
        if (!found.Ok) return found.Error;
        XenStoreError worst = XenStoreError.None;
        foreach (VirtioNodeAddress address in found.Value.Union(_known.Keys).ToList())
        {
            XenStoreError error = LookAt(address);
            if (error != XenStoreError.None) worst = error;
        }

        return worst;
    }

    private XenStoreError LookAtOne(string guest, string device) =>
        VirtioNodeAddress.TryParse(_root, guest, device, out VirtioNodeAddress address) ? LookAt(address) : XenStoreError.None;

    private XenStoreError LookAt(VirtioNodeAddress address)
    {
        XenStoreError error = KnownNode.TryRead(_store, address, out KnownNode? now);
        if (error != XenStoreError.None) return error;
        _known.TryGetValue(address, out KnownNode? before);
        if (now is null) _known.Remove(address);
        else _known[address] = now;
        Report(address, before, now);
        return XenStoreError.None;
    }

    private void Report(VirtioNodeAddress address, KnownNode? before, KnownNode? now)
    {
        bool isAnother = before is not null && now is not null && now.IsAnothersThan(before);
        if (before is not null && (now is null || isAnother)) _changed(VirtioNodeChange.Removed, address);
        if (now is null) return;
        if (before is null || isAnother) _changed(VirtioNodeChange.Added, address);
        bool wasOnline = before is null || isAnother || before.Online;
        if (wasOnline && !now.Online) _changed(VirtioNodeChange.WentOffline, address);
    }
}
