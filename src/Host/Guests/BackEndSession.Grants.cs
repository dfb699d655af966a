using XenDmHost.Host.GuestMemory;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.Host.Guests;

/// <content>The guest's memory, as far as the guest grants it.</content>
internal sealed partial class BackEndSession
{
    /// <summary>What a back-end may have mapped at no time: all grants, each when it is touched and no longer.</summary>
    private static readonly GrantRegion[] NothingMapped = [new(GrantTable.AddressBit, GrantTable.End - GrantTable.AddressBit, OnDemand: true)];

    private GrantRegion[] _grants = [];
    private IDomain? _grantor;

    /// <summary>Whether the guest is to give its memory by grants: then the back-end gets no other, and else it gets no grants.</summary>
    internal bool UsesGrants { get; init; }

    /// <summary>
    /// Before rings start: where their addresses are grants, their pages are put into the table, to be mapped at once.
    /// Rings that run already are stopped while the table changes.
    /// </summary>
    /// <param name="domain">The guest.</param>
    /// <param name="moved">Out: the queues that were stopped for it.</param>
    /// <param name="without">A queue that is not to run; -1 for none.</param>
    private VhostUserResult PrepareMemory(IDomain domain, HashSet<int> moved, int without)
    {
        List<(ulong Address, ulong Size)> parts = [.. Enumerable.Range(0, _device.Registers.QueueCount)
            .Where(index => index != without && _device.Registers.Queue(index).Ready != 0)
            .SelectMany(index => PartsOf(_device.Registers.Queue(index)))];
        bool granted = parts.Exists(part => GrantTable.IsGrant(part.Address));
        if (!UsesGrants)
        {
            return granted
                ? VhostUserResult.Refused(
                    MessageSubject.Idle,
                    "the guest's rings are grants, and it is not to use grants",
                    "set \"transport\": { \"grants\": true } in the guest file, or grant_usage=1 in xl's")
                : VhostUserResult.Ok;
        }

        if (!granted)
        {
            return parts.Count == 0 ? VhostUserResult.Ok : VhostUserResult.Refused(
                MessageSubject.Idle,
                "the guest's rings are no grants, and it is to use grants",
                "check the guest's kernel (CONFIG_XEN_VIRTIO) and its device tree, or take grant_usage=1 and \"grants\" away");
        }

        if (!GrantTable.TryBuild(parts, out GrantRegion[] table, out string reason))
        {
            return VhostUserResult.Refused(MessageSubject.Idle, reason);
        }

        if (table.Length > MaxXenRegions)
        {
            return VhostUserResult.Refused(
                MessageSubject.Idle, $"the guest's rings are in {table.Length} pieces, and a back-end takes {MaxXenRegions}", "give the device fewer queues");
        }

        return table.AsSpan().SequenceEqual(_grants) ? VhostUserResult.Ok : SuspendAll(moved).Then(() => SendGrants(domain, table));
    }

    /// <summary>
    /// The rings are stopped: the back-end lets go of their pages before the guest takes them back, which it must not find
    /// in use.
    /// </summary>
    private VhostUserResult DropGrants() => _grants.Length == 0 || _grants == NothingMapped
        ? VhostUserResult.Ok
        : SendGrants(_grantor!, NothingMapped);

    private VhostUserResult SuspendAll(HashSet<int> moved)
    {
        VhostUserResult result = VhostUserResult.Ok;
        foreach (int index in _rings.Keys.ToArray())
        {
            moved.Add(index);
            result = result.Then(() => SuspendRing(index));
        }

        return result;
    }

    /// <summary>
    /// A file of its own for each region, and none is kept here: what the back-end maps through it ends with the back-end.
    /// </summary>
    private VhostUserResult SendGrants(IDomain domain, GrantRegion[] table) => Catch(isOfTheGuest: false, () =>
    {
        List<FileDescriptor> files = [];
        try
        {
            List<MemoryRegion> regions = [];
            foreach (GrantRegion region in table)
            {
                files.Add(domain.OpenGrants());
                regions.Add(new MemoryRegion
                {
                    GuestAddress = region.Address,
                    Size = region.Size,
                    UserAddress = region.Address,
                    XenMmapFlags = region.OnDemand ? XenMmapFlags.Grant | XenMmapFlags.NoAdvanceMap : XenMmapFlags.Grant,
                    Domid = domain.Domid,
                    Descriptor = files[^1],
                });
            }

            VhostUserResult result = _frontEnd.SetMemTable([.. regions]);
            _grants = result.IsOk ? table : _grants;
            _grantor = domain;
            return result;
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    });

    /// <summary>Address and size in bytes of the parts of a split virtqueue (virtio 1.3, 2.7).</summary>
    private static IEnumerable<(ulong Address, ulong Size)> PartsOf(QueueState queue) =>
    [
        (queue.Descriptors, 16UL * queue.Size),
        (queue.Driver, 6 + (2UL * queue.Size)),
        (queue.Device, 6 + (8UL * queue.Size)),
    ];
}
