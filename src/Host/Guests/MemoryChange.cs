using XenDmHost.Host.Hypervisor;

namespace XenDmHost.Host.Guests;

/// <summary>
/// The difference between the regions that a back-end has mapped and the RAM that is there now. A back-end removes nothing
/// but exactly a region that it has, so one that grew or shrank is removed and added.
/// </summary>
/// <param name="Removed">Regions that are not there any more in this form, by ascending address.</param>
/// <param name="Added">Regions that the back-end does not have in this form, by ascending address.</param>
internal sealed record MemoryChange(IReadOnlyList<RamBank> Removed, IReadOnlyList<RamBank> Added)
{
    /// <summary>Nothing has changed.</summary>
    internal bool IsNone => Removed.Count == 0 && Added.Count == 0;

    /// <summary>Memory that the guest keeps is not mapped for a moment: nothing may run meanwhile, for a buffer may lie there.</summary>
    internal bool Interrupts => Removed.Any(removed => Added.Any(added => Overlap(removed, added.GuestAddress, added.Size)));

    /// <param name="told">What the back-end has.</param>
    /// <param name="found">What is there now.</param>
    internal static MemoryChange Between(IReadOnlyList<RamBank> told, IReadOnlyList<RamBank> found) =>
        new([.. told.Where(bank => !IsAmong(found, bank))], [.. found.Where(bank => !IsAmong(told, bank))]);

    /// <summary>Whether a range of guest addresses touches a region that goes.</summary>
    internal bool Takes(ulong start, ulong size) => Removed.Any(removed => Overlap(removed, start, size));

    private static bool IsAmong(IReadOnlyList<RamBank> banks, RamBank bank) =>
        banks.Any(other => (other.GuestAddress, other.Size, other.FileOffset) == (bank.GuestAddress, bank.Size, bank.FileOffset));

    private static bool Overlap(RamBank bank, ulong start, ulong size) => start < bank.GuestAddress + bank.Size && bank.GuestAddress < start + size;
}
