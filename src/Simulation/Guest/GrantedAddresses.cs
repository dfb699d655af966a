using XenDmHost.Simulation.Guest.Virtqueues;
using XenDmHost.Simulation.Hypervisor;

namespace XenDmHost.Simulation.Guest;

/// <summary>
/// Devices see what is granted to them, as with Linux' grant-dma-ops.c: an address is bit 63, the first page's grant
/// reference, and the offset in the page. What a device only reads is granted for reading only.
/// </summary>
internal sealed class GrantedAddresses(GuestDomain domain) : IDeviceAddresses
{
    private const ulong Granted = 1UL << 63;

    public bool MustBeAgreed => true;

    public BufferSegment Map(BufferSegment segment)
    {
        ulong inPage = segment.Address % MemoryBank.PageSize;
        MemoryBank bank = domain.Banks.First(bank => segment.Address >= bank.GuestAddress && segment.Address - bank.GuestAddress < bank.Size);
        ulong fileOffset = segment.Address - inPage - bank.GuestAddress + bank.FileOffset;
        uint first = domain.Grants.Add(fileOffset, PagesOf(segment), readOnly: !segment.DeviceWrites)
            ?? throw new DriverFailure($"the guest has no grants left for {segment.Length} bytes");
        return segment with { Address = Granted | (first * MemoryBank.PageSize) | inPage };
    }

    public bool TryUnmap(BufferSegment mapped) =>
        domain.Grants.TryEnd((uint)((mapped.Address & ~Granted) / MemoryBank.PageSize), PagesOf(mapped));

    private static int PagesOf(BufferSegment segment) =>
        (int)(((segment.Address % MemoryBank.PageSize) + segment.Length + MemoryBank.PageSize - 1) / MemoryBank.PageSize);
}
