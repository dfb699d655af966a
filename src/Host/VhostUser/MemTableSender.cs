using System.Runtime.InteropServices;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>Sends a memory table: SET_MEM_TABLE, and ADD_MEM_REG for what does not fit into one message.</summary>
internal sealed class MemTableSender(VhostUserChannel channel, BackEndOffer offer, VhostUserLimits limits)
{
    private const ulong Gib = 1UL << 30;

    internal VhostUserResult Send(ReadOnlySpan<MemoryRegion> regions)
    {
        MessageSubject subject = new(FrontEndRequest.SetMemTable, Describe(regions));
        string? violation = MemTableRules.Violation(regions, offer.XenMmap) ?? TooMany(regions.Length);
        if (violation is not null)
        {
            return VhostUserResult.Refused(subject, "not sent: " + violation);
        }

        int inTable = Math.Min(regions.Length, limits.RegionsPerTable);
        VhostUserResult result = SendTable(subject, regions[..inTable]);
        for (int i = inTable; i < regions.Length && result.IsOk; i++)
        {
            result = Add(regions[i]);
        }

        return result;
    }

    internal VhostUserResult Add(in MemoryRegion region) => Single(FrontEndRequest.AddMemReg, region, [region.Descriptor]);

    /// <summary>Back-ends refuse a descriptor with this one, and remove only what equals the region that was added.</summary>
    internal VhostUserResult Remove(in MemoryRegion region) => Single(FrontEndRequest.RemMemReg, region, []);

    private int RegionSize => offer.XenMmap ? XenRegionPayload.Size : RegionPayload.Size;

    private VhostUserResult SendTable(MessageSubject subject, ReadOnlySpan<MemoryRegion> regions)
    {
        Span<byte> payload = stackalloc byte[MemTableHeader.Size + (regions.Length * RegionSize)];
        MemTableHeader header = new() { RegionCount = (uint)regions.Length };
        MemoryMarshal.Write(payload, in header);
        FileDescriptor[] descriptors = new FileDescriptor[regions.Length];
        for (int i = 0; i < regions.Length; i++)
        {
            Write(regions[i], payload.Slice(MemTableHeader.Size + (i * RegionSize), RegionSize));
            descriptors[i] = regions[i].Descriptor;
        }

        return channel.Confirm(subject, payload, descriptors, LimitMs(regions));
    }

    private VhostUserResult Single(FrontEndRequest request, in MemoryRegion region, ReadOnlySpan<FileDescriptor> descriptors)
    {
        ReadOnlySpan<MemoryRegion> one = [region];
        MessageSubject subject = new(request, Describe(one));
        string? violation = MemTableRules.Violation(one, offer.XenMmap);
        if (violation is not null || !offer.ProtocolFeatures.Has(ProtocolFeature.ConfigureMemSlots))
        {
            return VhostUserResult.Refused(subject, "not sent: " + (violation ?? "the back-end does not offer CONFIGURE_MEM_SLOTS"));
        }

        Span<byte> payload = stackalloc byte[MemTableHeader.Size + RegionSize];     // 8 bytes of padding, then the region
        payload.Clear();
        Write(region, payload[MemTableHeader.Size..]);
        return channel.Confirm(subject, payload, descriptors, LimitMs(one));
    }

    private void Write(in MemoryRegion region, Span<byte> payload)
    {
        RegionPayload plain = new()
        {
            GuestAddress = region.GuestAddress,
            ByteCount = region.Size,
            UserAddress = region.UserAddress,
            MmapOffset = region.MmapOffset,
        };
        if (!offer.XenMmap)
        {
            MemoryMarshal.Write(payload, in plain);
            return;
        }

        XenRegionPayload extended = new() { Region = plain, MmapFlags = (uint)region.XenMmapFlags, Domid = region.Domid };
        MemoryMarshal.Write(payload, in extended);
    }

    private string? TooMany(int count)
    {
        if (count <= limits.RegionsPerTable)
        {
            return null;
        }

        int most = offer.MaxMemorySlots is int slots ? Math.Max(slots, limits.RegionsPerTable) : limits.RegionsPerTable;
        return count <= most ? null : $"{count} regions, and this back-end takes {most}";
    }

    private int LimitMs(ReadOnlySpan<MemoryRegion> regions)
    {
        UInt128 bytes = 0;
        foreach (ref readonly MemoryRegion region in regions)
        {
            // Memory that is mapped page by page when it is touched costs nothing now, however large it is.
            bytes += region.XenMmapFlags.HasFlag(XenMmapFlags.NoAdvanceMap) ? 0 : region.Size;
        }

        UInt128 furtherGib = bytes == 0 ? 0 : (bytes - 1) / Gib;
        UInt128 limit = (UInt128)limits.MemTableMs + (furtherGib * (UInt128)limits.MappingMsPerGib);
        return (int)UInt128.Min(limit, int.MaxValue);
    }

    private static string Describe(ReadOnlySpan<MemoryRegion> regions)
    {
        List<string> parts = [];
        foreach (ref readonly MemoryRegion region in regions)
        {
            parts.Add($"0x{region.GuestAddress:x}+0x{region.Size:x}{Flags(region.XenMmapFlags)}");
        }

        return string.Join(", ", parts);
    }

    private static string Flags(XenMmapFlags flags) => flags == XenMmapFlags.None ? "" : $" (flags 0x{(uint)flags:x})";
}
