using XenDmHost.Host.Guests;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;

namespace XenDmHost.UnitTests.Guests;

public sealed class MemoryTableTests : IDisposable
{
    private readonly FileDescriptor _descriptor = EventFd.Create().Descriptor;

    [Fact]
    public void Foreign_memory_is_named_by_guest_addresses_alone()
    {
        MemoryRegion region = Assert.Single(MemoryTable.Of(7, Ram((0x4000_0000, 0x1000))));
        Assert.Equal((0x4000_0000UL, 0x4000_0000UL, 0x1000UL, 0UL), (region.GuestAddress, region.UserAddress, region.Size, region.MmapOffset));
        Assert.Equal((XenMmapFlags.Foreign, 7U), (region.XenMmapFlags, region.Domid));
    }

    [Fact]
    public void A_table_is_covered_by_what_it_was_made_of() => Assert.True(Covered([(0, 2), (4, 4)], [(0, 2), (4, 4)]));

    [Fact]
    public void More_memory_than_the_table_has_is_no_harm() => Assert.True(Covered([(1, 1), (4, 2)], [(0, 2), (3, 9), (20, 1)]));

    [Fact]
    public void A_page_that_left_is_seen()
    {
        Assert.False(Covered([(0, 8)], [(0, 3), (4, 4)]));
        Assert.False(Covered([(0, 8)], [(0, 7)]));
        Assert.False(Covered([(0, 8)], [(1, 7)]));
        Assert.False(Covered([(0, 2), (4, 4)], [(0, 2)]));
    }

    [Fact]
    public void The_same_ranges_are_the_same()
    {
        Assert.True(MemoryTable.IsSame(Ram((0, 0x1000)), Ram((0, 0x1000))));
        Assert.False(MemoryTable.IsSame(Ram((0, 0x1000)), Ram((0, 0x1000), (0x2000, 0x1000))));
        Assert.False(MemoryTable.IsSame(Ram((0, 0x1000)), Ram((0, 0x2000))));
    }

    public void Dispose() => _descriptor.Dispose();

    private bool Covered((ulong, ulong)[] table, (ulong, ulong)[] found) => MemoryTable.IsCovered(Pages(table), Pages(found));

    private RamBank[] Pages((ulong Page, ulong Count)[] ranges) => Ram([.. ranges.Select(range => (range.Page << 12, range.Count << 12))]);

    private RamBank[] Ram(params (ulong Address, ulong Size)[] ranges) =>
        [.. ranges.Select(range => new RamBank(range.Address, range.Size, _descriptor, 0, RamKind.Foreign))];
}
