using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns.Memory;

namespace XenDmHost.Simulation.StandIns.Protocol;

/// <summary>The memory table.</summary>
internal sealed partial class RequestHandler
{
    private const int MaximumRegions = 32, TableHeaderSize = 8;

    private int RegionSize => options.Xen ? MemoryRegion.XenSize : MemoryRegion.PlainSize;

    /// <summary>Every refusal of a table is a NACK, also that of a payload of the wrong size.</summary>
    private string? SetMemTable(VhostUserMessage message)
    {
        ReadOnlySpan<byte> payload = message.Payload;
        if (payload.Length < TableHeaderSize) return $"a payload of {payload.Length} bytes";
        uint count = U32(payload, 0);
        if (count is 0 or > MaximumRegions) return $"{count} regions";
        if (U32(payload, 4) != 0) return "padding that is not zero";
        if (payload.Length != TableHeaderSize + (count * RegionSize))
        {
            return $"{payload.Length} bytes for {count} regions of {RegionSize}";
        }
        if (message.DescriptorCount != count) return $"{message.DescriptorCount} descriptors for {count} regions";
        return MapAll(ReadRegions(payload[TableHeaderSize..]), message.TakeDescriptors());
    }

    private List<MemoryRegion> ReadRegions(ReadOnlySpan<byte> wire)
    {
        List<MemoryRegion> regions = [];
        for (; wire.Length > 0; wire = wire[RegionSize..]) regions.Add(MemoryRegion.Read(wire, options.Xen));
        return regions;
    }

    private string? MapAll(List<MemoryRegion> regions, List<FileDescriptor> fds)
    {
        List<MappedRegion> mapped = [];
        string? refusal = regions.Select(region => region.Check()).FirstOrDefault(reason => reason is not null);
        for (int i = 0; i < regions.Count && refusal is null; i++)
        {
            if (MappedRegion.TryMap(regions[i], fds[i], options.Xen, out refusal) is { } region) mapped.Add(region);
        }
        fds.ForEach(fd => fd.Dispose());
        refusal ??= _memory.Replace(mapped);
        if (refusal is not null) mapped.ForEach(region => region.Dispose());
        return refusal;
    }

    private Outcome AddMemReg(VhostUserMessage message)
    {
        if (IfAcked(ProtocolFeature.CONFIGURE_MEM_SLOTS) is { } refusal) return refusal;
        if (message.DescriptorCount != 1) return Outcome.Cut($"{message.DescriptorCount} descriptors for one region");
        MemoryRegion region = MemoryRegion.Read(message.Payload[TableHeaderSize..], options.Xen);
        if (region.Check() is { } reason) return Outcome.Cut(reason);
        using FileDescriptor fd = message.TakeDescriptors()[0];
        MappedRegion? mapped = MappedRegion.TryMap(region, fd, options.Xen, out string? why);
        if (mapped is not null) why = _memory.Add(mapped);
        if (why is not null) mapped?.Dispose();
        return Outcome.NackIf(why);
    }

    private Outcome RemMemReg(VhostUserMessage message)
    {
        if (IfAcked(ProtocolFeature.CONFIGURE_MEM_SLOTS) is { } refusal) return refusal;
        MemoryRegion region = MemoryRegion.Read(message.Payload[TableHeaderSize..], options.Xen);
        return region.Check() is { } reason ? Outcome.Cut(reason) : Outcome.NackIf(_memory.Remove(region));
    }
}
