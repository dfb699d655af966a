namespace XenDmHost.Host.GuestMemory;

/// <summary>
/// The memory table of a guest that gives addresses by grants (Linux, drivers/xen/grant-dma-ops.c): an address is bit 63,
/// the grant reference times the page size, and the offset in the page. The pages of the rings become regions that are
/// mapped at once, everything else is mapped when it is touched.
/// </summary>
internal static class GrantTable
{
    internal const ulong PageSize = 4096;

    /// <summary>Bit 63: this is a grant and no guest-physical address.</summary>
    internal const ulong AddressBit = 1UL << 63;

    /// <summary>The end of the last address that a reference of 32 bits can have.</summary>
    internal const ulong End = AddressBit + ((1UL << 32) * PageSize);

    /// <summary>Whether the address names a grant.</summary>
    internal static bool IsGrant(ulong address) => (address & AddressBit) != 0;

    /// <summary>Builds the table: ascending, without gaps, from the first to the last possible reference.</summary>
    /// <param name="rings">Address and size in bytes of every part of every ring that is to run.</param>
    /// <param name="table">The regions.</param>
    /// <param name="reason">What is wrong with the rings, which are the guest's word; empty when nothing is.</param>
    internal static bool TryBuild(IReadOnlyList<(ulong Address, ulong Size)> rings, out GrantRegion[] table, out string reason)
    {
        table = [];
        reason = rings.Count == 0 ? "no ring" : "";
        List<(ulong Start, ulong End)> runs = [];
        foreach ((ulong address, ulong size) in rings.OrderBy(ring => ring.Address))
        {
            if (!IsGrant(address))
            {
                reason = $"a ring at 0x{address:x} is guest memory, and others are grants";
                return false;
            }

            if (address >= End || size == 0 || size > End - address)
            {
                reason = $"a ring at 0x{address:x} with {size} bytes ends beyond the last grant reference";
                return false;
            }

            Append(runs, Down(address), Down(address + size + PageSize - 1));
        }

        table = [.. WithGaps(runs)];
        return reason.Length == 0;
    }

    /// <summary>Pages that touch become one region: back-ends limit how many there are.</summary>
    private static void Append(List<(ulong Start, ulong End)> runs, ulong start, ulong end)
    {
        if (runs.Count > 0 && start <= runs[^1].End)
        {
            runs[^1] = (runs[^1].Start, Math.Max(runs[^1].End, end));
        }
        else
        {
            runs.Add((start, end));
        }
    }

    private static IEnumerable<GrantRegion> WithGaps(List<(ulong Start, ulong End)> runs)
    {
        ulong next = AddressBit;
        foreach ((ulong start, ulong end) in runs)
        {
            if (start > next)
            {
                yield return new GrantRegion(next, start - next, OnDemand: true);
            }

            yield return new GrantRegion(start, end - start, OnDemand: false);
            next = end;
        }

        if (next < End && runs.Count > 0)
        {
            yield return new GrantRegion(next, End - next, OnDemand: true);
        }
    }

    private static ulong Down(ulong address) => address & ~(PageSize - 1);
}
