using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Memory;

/// <summary>A region and its mapping; an on-demand region has none.</summary>
internal sealed class MappedRegion : IDisposable
{
    private MappedRegion(MemoryRegion region, Mapping? mapping) => (Region, Mapping) = (region, mapping);

    internal MemoryRegion Region { get; }

    internal Mapping? Mapping { get; }

    /// <summary>Maps a region; null and the reason when the descriptor does not do.</summary>
    internal static MappedRegion? TryMap(MemoryRegion region, FileDescriptor fd, bool xen, out string? refusal)
    {
        refusal = CheckDescriptor(region, fd, xen);
        if (refusal is not null) return null;
        if (region.OnDemand) return new(region, null);
        int error = TryMap(region, fd, out Mapping? mapping);
        if (mapping is null) refusal = $"mapping {region.Size} bytes at 0x{region.GuestAddress:x}, offset {region.MmapOffset}, through descriptor {fd.Value}: {Errno.Name(error)}";
        return mapping is null ? null : new(region, mapping);
    }

    public void Dispose() => Mapping?.Dispose();

    private static int TryMap(MemoryRegion region, FileDescriptor fd, out Mapping? mapping) => region.Flags switch
    {
        XenMmapFlags.Foreign => XenMappings.TryMapForeign(fd, region.DomId, region.GuestAddress, region.Size, out mapping),
        XenMmapFlags.Grant => XenMappings.TryMapGrants(fd, region.DomId, region.FirstReference, region.Size, out mapping),
        _ => Mapping.TryMap(fd, (long)region.MmapOffset, (long)region.Size, writable: true, out mapping),
    };

    /// <summary>
    /// vm-memory up to 0.16 checks the file's length; from 0.17 on a region that is too long is found out by the first access
    /// behind the end. Hosts meet both, so the plain form does the former and the Xen form the latter.
    /// </summary>
    private static string? CheckDescriptor(MemoryRegion region, FileDescriptor fd, bool xen)
    {
        if (region.Flags != XenMmapFlags.Unix && region.MmapOffset != 0) return $"mmap offset 0x{region.MmapOffset:x} with a Xen mapping";
        if (xen) return null;
        long length = Memfd.Size(fd);
        return region.MmapOffset + region.Size <= (ulong)length ? null : $"a region past the end of its file of {length} bytes";
    }
}
