using XenDmHost.Host.Hypervisor;

namespace XenDmHost.Host.Guests;

/// <summary>Chooses where in a guest's address space a register window goes: a page of its own, never over RAM or another device.</summary>
/// <param name="banks">The guest's RAM.</param>
internal sealed class MmioPlaces(IReadOnlyList<RamBank> banks)
{
    private const ulong PageSize = 4096;
    private const ulong WindowSize = 0x200;

    /// <summary>The place that the guest file wants, or the first free one; null when the wish is taken or all places are.</summary>
    internal ulong? Choose(ulong? wanted, IReadOnlyList<ulong> taken)
    {
        if (wanted is { } place)
        {
            return IsFree(place, taken) ? place : null;
        }

        HashSet<ulong> pages = [.. taken.Select(other => other / PageSize)];
        for (ulong start = SpecialPages.FirstWindow; start <= SpecialPages.LastWindow; start += PageSize)
        {
            // A whole page, so that two devices are never behind one entry of the guest's page table.
            if (!pages.Contains(start / PageSize) && IsFree(start, taken))
            {
                return start;
            }
        }

        return null;
    }

    private bool IsFree(ulong start, IReadOnlyList<ulong> taken) =>
        !SpecialPages.Overlap(start, WindowSize)
        && !taken.Any(other => Math.Max(start, other) - Math.Min(start, other) < WindowSize)
        && !banks.Any(bank => start < bank.GuestAddress + bank.Size && bank.GuestAddress < start + WindowSize);
}
