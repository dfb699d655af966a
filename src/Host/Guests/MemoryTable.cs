using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.VhostUser;

namespace XenDmHost.Host.Guests;

/// <summary>Describes a guest's RAM to a back-end.</summary>
internal static class MemoryTable
{
    /// <summary>One region per bank. The user address equals the guest address, so ring addresses are guest addresses.</summary>
    internal static MemoryRegion[] Of(IDomain domain) => [.. domain.RamBanks.Select(bank => new MemoryRegion
    {
        GuestAddress = bank.GuestAddress,
        Size = bank.Size,
        UserAddress = bank.GuestAddress,
        MmapOffset = bank.FileOffset,
        XenMmapFlags = bank.Kind == RamKind.Foreign ? XenMmapFlags.Foreign : XenMmapFlags.None,
        Domid = domain.Domid,
        Descriptor = bank.Descriptor,
    })];
}
