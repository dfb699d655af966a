using XenDmHost.Host.Native;
using XenDmHost.Host.Native.Xen;

namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>
/// A guest of this machine. It is reached through one privcmd descriptor, restricted to it, which back-ends get too, and
/// one set of event channels.
/// </summary>
internal sealed class XenDomain : IDomain
{
    private const uint MaxVcpus = 128;      // slots of the first ioreq page; Xen has no second one

    private const ulong GrantBit = 1UL << 63;

    private readonly Privcmd _privcmd;
    private readonly XenEventChannels _channels;
    private readonly ForeignMemory _memory;
    private readonly bool _hasInterruptController;

    private XenDomain(uint domid, int vcpus, Privcmd privcmd, XenEventChannels channels, IReadOnlyList<RamRange> ranges, bool arm)
    {
        Domid = domid;
        VcpuCount = vcpus;
        _privcmd = privcmd;
        _channels = channels;
        _hasInterruptController = arm;
        _memory = new ForeignMemory(privcmd, domid, ranges);
        RamBanks = Banks(ranges);
    }

    public uint Domid { get; }

    public int VcpuCount { get; }

    public IReadOnlyList<RamBank> RamBanks { get; }

    /// <exception cref="OsException">No Xen, no rights, no such domain: with what to do.</exception>
    internal static XenDomain Open(uint domid, RamLayout layout, GuestMemorySize memory, IReadOnlyList<RamRange>? given)
    {
        ulong? maximumFrame = FindMaximumFrame(domid);
        Privcmd privcmd = Privcmd.Open();
        XenEventChannels? channels = null;
        try
        {
            int restricted = privcmd.TryRestrict(domid);
            if (restricted < 0)
            {
                throw XenErrors.OfRestriction(domid, restricted);
            }

            int vcpus = CountVcpus(privcmd, domid);
            IReadOnlyList<RamRange> ranges = layout.RangesFor(memory.Span, maximumFrame, given);
            if (ranges.Count == 0)
            {
                throw new InvalidOperationException(
                    "xenstore does not say how much memory the guest has, which a driver domain may not read: "
                    + "set \"memory\": { \"banks\": [...] } in the guest file");
            }

            channels = XenEventChannels.Open(domid);
            return new XenDomain(domid, vcpus, privcmd, channels, ranges, layout == RamLayout.Arm);
        }
        catch
        {
            channels?.Dispose();
            privcmd.Dispose();
            throw;
        }
    }

    public IReadOnlyList<RamBank>? FindPopulatedRam(Func<bool> isOver) => _memory.FindPopulated(isOver) is { } there ? Banks(there) : null;

    public bool HasGrants => true;

    public FileDescriptor OpenGrants() => Gntdev.Open();

    /// <summary>Bit 63 names a grant (linux: drivers/xen/grant-dma-ops.c); a frame has no such number.</summary>
    public Mapping? TryMapPage(ulong guestAddress) => (guestAddress & GrantBit) == 0
        ? _memory.TryMapPage(guestAddress)
        : Gntdev.TryMapPage(Domid, (uint)((guestAddress & ~GrantBit) / XenConstants.PageSize));

    public IIoreqServer OpenIoreqServer(IServerNote note) => XenIoreqServer.AdoptOrCreate(_privcmd, _channels, Domid, VcpuCount, note);

    public IEventChannels OpenEventChannels() => _channels;

    public IInterruptLine OpenInterrupt(uint irq) => _hasInterruptController
        ? new IrqLine(_privcmd, Domid, irq)
        : throw new InvalidOperationException(
            "an x86 guest has no interrupt controller for it: it is interrupted by an event channel, which its xenbus driver names");

    public IInterruptLine OpenEventChannelInterrupt(uint guestPort) => new EventChannelLine(_channels, guestPort);

    public void Dispose()
    {
        _channels.Dispose();
        _privcmd.Dispose();
    }

    private List<RamBank> Banks(IReadOnlyList<RamRange> ranges) =>
        [.. ranges.Select(range => new RamBank(range.Address, range.Size, _privcmd.Descriptor, 0, RamKind.Foreign))];

    /// <summary>An upper bound of the guest's frames, which only a descriptor without restriction may ask for; closed at once.</summary>
    private static ulong? FindMaximumFrame(uint domid)
    {
        using Privcmd unrestricted = Privcmd.Open();
        int frame = unrestricted.TryMaximumGpfn(domid);
        return frame >= 0 ? (ulong)frame : null;
    }

    private static int CountVcpus(Privcmd privcmd, uint domid)
    {
        DmOp op = new() { Code = DmOpCode.NrVcpus };
        int result = privcmd.TryDmOp(domid, ref op);
        if (result < 0)
        {
            throw XenErrors.Of("XEN_DMOP_nr_vcpus", domid, result);
        }

        return op.Vcpus is > 0 and <= MaxVcpus
            ? (int)op.Vcpus
            : throw new InvalidOperationException($"the guest has {op.Vcpus} vCPUs; Xen's ioreq page has room for {MaxVcpus}");
    }
}
