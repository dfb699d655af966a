namespace XenDmHost.Host.VhostUser;

/// <summary>
/// What back-ends demand of a memory table, checked before it is sent: they answer no more than "no", and one of them
/// accepts user ranges that overlap and then translates ring addresses wrongly.
/// </summary>
internal static class MemTableRules
{
    private const ulong PageSize = 4096;
    private const uint FirstReservedDomid = 0x7FF0;     // DOMID_FIRST_RESERVED, xen/xen.h

    /// <summary>Says which rule is broken, or null.</summary>
    internal static string? Violation(ReadOnlySpan<MemoryRegion> regions, bool xenMmap)
    {
        if (regions.IsEmpty)
        {
            return "no region";
        }

        for (int i = 0; i < regions.Length; i++)
        {
            string? alone = Alone(regions[i], xenMmap) ?? BesideOthers(regions, i);
            if (alone is not null)
            {
                return $"region {i} (guest 0x{regions[i].GuestAddress:x}, {regions[i].Size} bytes): {alone}";
            }
        }

        return null;
    }

    private static string? Alone(in MemoryRegion region, bool xenMmap)
    {
        if (region.Size == 0)
        {
            return "it is empty";
        }

        if (Overflows(region.GuestAddress, region.Size) || Overflows(region.UserAddress, region.Size) || Overflows(region.MmapOffset, region.Size))
        {
            return "its end is beyond 64 bits";
        }

        if (region.MmapOffset % PageSize != 0)
        {
            return $"its offset in the file, 0x{region.MmapOffset:x}, is not a multiple of {PageSize}";
        }

        return xenMmap ? XenRules(region) : region.XenMmapFlags == XenMmapFlags.None ? null : "only a back-end with XEN_MMAP maps Xen memory";
    }

    private static string? XenRules(in MemoryRegion region)
    {
        const XenMmapFlags OnDemandGrant = XenMmapFlags.Grant | XenMmapFlags.NoAdvanceMap;
        if (region.XenMmapFlags == XenMmapFlags.None)
        {
            return null;
        }

        if (region.XenMmapFlags is not (XenMmapFlags.Foreign or XenMmapFlags.Grant or OnDemandGrant))
        {
            return $"no back-end takes the flags 0x{(uint)region.XenMmapFlags:x}";
        }

        if (region.MmapOffset != 0 || region.GuestAddress % PageSize != 0 || region.Size % PageSize != 0)
        {
            return "Xen memory is mapped in whole pages and from offset 0";
        }

        return region.Domid >= FirstReservedDomid ? $"{region.Domid} is no domain id" : null;
    }

    private static string? BesideOthers(ReadOnlySpan<MemoryRegion> regions, int index)
    {
        for (int i = 0; i < index; i++)
        {
            if (regions[i].GuestAddress >= regions[index].GuestAddress)
            {
                return "regions are not in ascending order";
            }

            if (Overlap(regions[i].GuestAddress, regions[i].Size, regions[index].GuestAddress, regions[index].Size))
            {
                return $"its guest addresses overlap region {i}";
            }

            if (Overlap(regions[i].UserAddress, regions[i].Size, regions[index].UserAddress, regions[index].Size))
            {
                return $"its user addresses overlap region {i}";
            }
        }

        return null;
    }

    // A range that ends exactly at 2^64 would be legal and is not worth the care: no guest has one.
    private static bool Overflows(ulong start, ulong size) => start > ulong.MaxValue - size;

    private static bool Overlap(ulong a, ulong sizeOfA, ulong b, ulong sizeOfB) => a < b + sizeOfB && b < a + sizeOfA;
}
