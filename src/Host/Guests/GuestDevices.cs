using Microsoft.Extensions.Logging;
using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Xenbus;

namespace XenDmHost.Host.Guests;

/// <summary>
/// The devices of one session of a guest, as their nodes come and go in xenstore: those that are there when the session
/// begins, and those of every later moment. Everything happens on the thread of the store's callbacks.
/// </summary>
internal sealed class GuestDevices : IDisposable
{
    private readonly GuestPlan _plan;
    private readonly uint _domid;
    private readonly uint _ownDomid;
    private readonly XenStoreClient _store;
    private readonly NodeContext _context;
    private readonly ILogger _log;
    private readonly Dictionary<int, IServedNode> _served = [];
    private readonly HashSet<VirtioNodeAddress> _leftAlone = [];
    private readonly List<VirtioNodes> _follow = [];

    /// <param name="plan">The guest file.</param>
    /// <param name="domid">The guest.</param>
    /// <param name="ownDomid">The domain that this process runs in.</param>
    /// <param name="store">The store.</param>
    /// <param name="session">The session; this object is closed before it.</param>
    /// <param name="log">The guest's log.</param>
    /// <param name="limits">How long the ends of a device wait for each other.</param>
    internal GuestDevices(GuestPlan plan, uint domid, uint ownDomid, XenStoreClient store, GuestSession session, ILogger log, HandshakeLimits limits)
    {
        _plan = plan;
        _domid = domid;
        _ownDomid = ownDomid;
        _store = store;
        _log = log;
        _context = new NodeContext(store, session, log, limits, Forget);
    }

    /// <summary>Adds the devices whose nodes are there: before the session begins to answer, for their accesses may be waiting.</summary>
    internal void AddKnown()
    {
        foreach (PlannedDevice device in _plan.Devices)
        {
            foreach (VirtioNodeAddress address in Addresses(device))
            {
                if (_store.TryRead($"{address.Path}/frontend-id", out _)) Add(device, address);
            }

            if (!_served.ContainsKey(device.Entry.Id))
            {
                _log.LogInformation("device {Id}: waiting for its node {Path} in xenstore", device.Entry.Id, Addresses(device).First(address => address.Kind == VirtioNodeAddress.ToolstackKind).Path);
            }
        }
    }

    /// <summary>The devices that have no node by which they could be served.</summary>
    internal IReadOnlyList<PlannedDevice> WithoutNode() => [.. _plan.Devices.Where(device => !Addresses(device).Any(address => IsUsable(device, address)))];

    /// <summary>Begins to follow the nodes.</summary>
    internal XenStoreError Follow()
    {
        foreach (string kind in VirtioNodeAddress.Kinds)
        {
            XenStoreResult<VirtioNodes> nodes = VirtioNodes.Follow(_store, VirtioNodeAddress.RootOf(_ownDomid, kind), OnNode);
            if (!nodes.Ok) return nodes.Error;
            _follow.Add(nodes.Value);
        }

        return XenStoreError.None;
    }

    /// <summary>A back-end daemon is there.</summary>
    internal void BackEndReady(int deviceId)
    {
        if (_served.TryGetValue(deviceId, out IServedNode? node)) node.BackEndReady();
    }

    public void Dispose()
    {
        _follow.ForEach(nodes => nodes.Dispose());
        foreach (IServedNode node in _served.Values) node.Dispose();
        _served.Clear();
    }

    private IEnumerable<VirtioNodeAddress> Addresses(PlannedDevice device) => VirtioNodeAddress.Kinds
        .Select(kind => new VirtioNodeAddress(VirtioNodeAddress.RootOf(_ownDomid, kind), _domid, (uint)device.Entry.Id));

    /// <summary>
    /// Whether somebody gave the device a place: libxl's nodes on x86 have none. A node that cannot be read is somebody's, and not for us to double.
    /// </summary>
    private bool IsUsable(PlannedDevice device, VirtioNodeAddress address) =>
        _store.TryRead($"{address.Path}/frontend-id", out _)
        && (!VirtioBackEndNode.TryRead(_store, address, out VirtioBackEndNode? node, out _)
            || node!.IsXenbus || ToolstackDevice.HasPlace(node, device));

    private void OnNode(VirtioNodeChange change, VirtioNodeAddress address)
    {
        if (address.GuestDomid != _domid) return;
        PlannedDevice? device = _plan.Devices.FirstOrDefault(device => device.Entry.Id == address.DeviceId);
        if (device is not null && change == VirtioNodeChange.Added) Add(device, address);
        else if (_served.TryGetValue((int)address.DeviceId, out IServedNode? served) && served.Address == address) served.Changed(change);
        else if (change == VirtioNodeChange.WentOffline && (device is not null || IsForNobody(address))) XenbusBackEndState.Write(_store, address.Path, XenbusState.Closed);
        if (change == VirtioNodeChange.Removed) _leftAlone.Remove(address);
    }

    /// <summary>A device to which libxl gave no place, as on x86: nobody can serve it, so nobody else answers for it.</summary>
    private bool IsForNobody(VirtioNodeAddress address) =>
        VirtioBackEndNode.TryRead(_store, address, out VirtioBackEndNode? node, out _) && node is { Base: 0, IsXenbus: false };

    private void Add(PlannedDevice device, VirtioNodeAddress address)
    {
        int id = device.Entry.Id;
        if (_served.TryGetValue(id, out IServedNode? other))
        {
            if (other.Address != address && _leftAlone.Add(address))
            {
                _log.LogWarning("device {Id}: {Path} is left alone, since {Other} is served", id, address.Path, other.Address.Path);
            }

            return;
        }

        try
        {
            _served[id] = Serve(device, address);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            if (_leftAlone.Add(address))
            {
                _log.LogError("device {Id} is not served: {Message}", id, error.Message);
                XenbusErrorNode.Write(_store, address.Path, Native.Errno.EINVAL, error.Message);
            }
        }
    }

    private IServedNode Serve(PlannedDevice device, VirtioNodeAddress address)
    {
        if (!VirtioBackEndNode.TryRead(_store, address, out VirtioBackEndNode? node, out string reason))
        {
            throw new InvalidOperationException(reason);
        }

        DevicePlan plan = device.For(_domid);
        plan = plan with { Grants = plan.Grants ?? node!.GrantUsage };
        CheckType(node!, plan);
        return node!.IsXenbus ? ServeXenbus(node, plan) : new ToolstackDevice(_context, node, plan);
    }

    private XenbusDevice ServeXenbus(VirtioBackEndNode node, DevicePlan plan)
    {
        XenbusDevice served = new(_context, node, plan, OfferOfConnected(node));
        _served[plan.Id] = served;

        // Now and not when the watch fires: accesses of a guest that is connected may be waiting.
        if (node.Online && node.State != XenbusState.Closing && served.Claim() is { } problem) served.Refused(problem);
        XenStoreError error = served.Start();
        if (error is XenStoreError.None or XenStoreError.Disconnected) return served;
        _served.Remove(plan.Id);
        served.Dispose();
        _context.Session.Remove(plan.Id, () => { });
        throw new IOException($"{node.Address}: xenstore does not take a watch: {error}");
    }

    /// <summary>
    /// What a guest's driver that is connected to a predecessor of ours has published: it may have chosen the place itself,
    /// and goes on with the device as it was. One that is at any other point begins anew.
    /// </summary>
    private GuestOffer? OfferOfConnected(VirtioBackEndNode node)
    {
        bool connected = node.State == XenbusState.Connected
            && _store.TryRead($"{node.XenbusFrontendPath}/state", out string state)
            && StoreNumber.ParseState(state) is XenbusState.Initialised or XenbusState.Connected or XenbusState.Closing;
        return connected && GuestOffer.TryRead(_store, node.XenbusFrontendPath, out GuestOffer offer, out string problem) == XenStoreError.None
            && problem.Length == 0 ? offer : null;
    }

    /// <summary>libxl's type says the device's virtio id in hexadecimal, or nothing.</summary>
    private static void CheckType(VirtioBackEndNode node, DevicePlan plan)
    {
        const string Prefix = "virtio,device";
        if (node.Type.StartsWith(Prefix, StringComparison.Ordinal) && node.Type.Length > Prefix.Length
            && uint.TryParse(node.Type.AsSpan(Prefix.Length), System.Globalization.NumberStyles.AllowHexSpecifier, null, out uint id)
            && id != plan.Model.Identity.VirtioId)
        {
            throw new InvalidOperationException(
                $"{node.Address}/type: '{node.Type}' is virtio device {id}, but the guest file has {plan.Model.Identity.Name} ({plan.Model.Identity.VirtioId}) there: give the device its right id, or the type 'virtio,device'");
        }
    }

    private void Forget(IServedNode node)
    {
        int id = (int)node.Address.DeviceId;
        if (_served.TryGetValue(id, out IServedNode? served) && served == node)
        {
            _served.Remove(id);
            node.Dispose();
            AddIfMadeAnew(node.Address);
        }
    }

    /// <summary>A node that came again while its predecessor was being let go of was passed over then.</summary>
    private void AddIfMadeAnew(VirtioNodeAddress address)
    {
        if (_plan.Devices.FirstOrDefault(device => device.Entry.Id == address.DeviceId) is { } device
            && VirtioBackEndNode.TryRead(_store, address, out VirtioBackEndNode? node, out _) && node!.Online)
        {
            Add(device, address);
        }
    }
}
