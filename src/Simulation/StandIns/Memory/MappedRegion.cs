using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Memory;

/// <summary>A region and its mapping; an on-demand region has none, but what its pages are mapped through.</summary>
internal sealed class MappedRegion : IDisposable
{
    private readonly IGrantDevice? _grants;
    private readonly GrantMapping? _granted;

    private MappedRegion(MemoryRegion region, Mapping? mapping) => (Region, Mapping) = (region, mapping);

    private MappedRegion(MemoryRegion region, IGrantDevice grants, GrantMapping? granted) =>
        (Region, Mapping, _grants, _granted) = (region, granted?.Pages, grants, granted);

    internal MemoryRegion Region { get; }

    internal Mapping? Mapping { get; }

    /// <summary>Maps a region; null and the reason when the descriptor does not do.</summary>
    internal static MappedRegion? TryMap(MemoryRegion region, FileDescriptor fd, bool xen, out string? refusal)
    {
        refusal = CheckDescriptor(region, fd, xen);
        if (refusal is not null) return null;
        int error = region.IsGranted ? TryMapGrants(region, fd, out MappedRegion? mapped) : TryMap(region, fd, out mapped);
        if (mapped is null) refusal = $"mapping {region.Size} bytes at 0x{region.GuestAddress:x}, offset {region.MmapOffset}, through descriptor {fd.Value}: {Errno.Name(error)}";
        return mapped;
    }

    /// <summary>Maps the pages of an on-demand region that hold these bytes, for as long as they are needed.</summary>
    /// <param name="guest">The first byte's address.</param>
    /// <param name="length">Bytes, all of them in the region.</param>
    /// <param name="write">Whether they shall be written to.</param>
    /// <param name="granted">The pages, from the beginning of the first one.</param>
    /// <returns>0 or the error: the guest granted it to nobody, or for reading only.</returns>
    internal int TryTouch(ulong guest, ulong length, bool write, out GrantMapping? granted)
    {
        ulong page = guest & ~(XenMappings.PageSize - 1);
        MemoryRegion touched = Region with { GuestAddress = page };
        return _grants!.TryMap(Region.DomId, touched.FirstReference, guest + length - page, write, out granted);
    }

    public void Dispose()
    {
        Mapping?.Dispose();
        _granted?.Dispose();
        _grants?.Dispose();
    }

    private static int TryMap(MemoryRegion region, FileDescriptor fd, out MappedRegion? mapped)
    {
        int error = region.Flags == XenMmapFlags.Foreign
            ? XenMappings.TryMapForeign(fd, region.DomId, region.GuestAddress, region.Size, out Mapping? mapping)
            : Mapping.TryMap(fd, (long)region.MmapOffset, (long)region.Size, writable: true, out mapping);
        mapped = mapping is null ? null : new(region, mapping);
        return error;
    }

    private static int TryMapGrants(MemoryRegion region, FileDescriptor fd, out MappedRegion? mapped)
    {
        IGrantDevice device = Memfd.IsSocket(fd) ? new SimulatedGrants(fd.Dup()) : new KernelGrants(fd.Dup());
        GrantMapping? granted = null;
        int error = region.OnDemand ? 0 : device.TryMap(region.DomId, region.FirstReference, region.Size, writable: true, out granted);
        mapped = error == 0 ? new(region, device, granted) : null;
        if (mapped is null) device.Dispose();
        return error;
    }

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
