using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.VhostUser;

namespace XenDmHost.Host.Guests;

/// <summary>Describes a guest's RAM to a back-end.</summary>
internal static class MemoryTable
{
    /// <summary>One region per range. The user address equals the guest address, so ring addresses are guest addresses.</summary>
    /// <param name="domid">The guest.</param>
    /// <param name="ram">Ranges without holes, by ascending address.</param>
    internal static MemoryRegion[] Of(uint domid, IEnumerable<RamBank> ram) => [.. ram.Select(bank => new MemoryRegion
    {
        GuestAddress = bank.GuestAddress,
        Size = bank.Size,
        UserAddress = bank.GuestAddress,
        MmapOffset = bank.FileOffset,
        XenMmapFlags = bank.Kind == RamKind.Foreign ? XenMmapFlags.Foreign : XenMmapFlags.None,
        Domid = domid,
        Descriptor = bank.Descriptor,
    })];

    /// <summary>Whether every byte of a table is there in what was found later. Both by ascending address, without overlaps.</summary>
    internal static bool IsCovered(IReadOnlyList<RamBank> table, IReadOnlyList<RamBank> found)
    {
        int at = 0;
        foreach (RamBank bank in table)
        {
            while (at < found.Count && found[at].GuestAddress + found[at].Size <= bank.GuestAddress)
            {
                at++;
            }

            if (at == found.Count || bank.GuestAddress < found[at].GuestAddress
                || bank.GuestAddress + bank.Size > found[at].GuestAddress + found[at].Size)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether two lists name the same ranges.</summary>
    internal static bool IsSame(IReadOnlyList<RamBank> a, IReadOnlyList<RamBank> b) =>
        a.Select(bank => (bank.GuestAddress, bank.Size)).SequenceEqual(b.Select(bank => (bank.GuestAddress, bank.Size)));
}
