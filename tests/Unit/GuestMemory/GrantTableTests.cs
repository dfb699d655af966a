using XenDmHost.Host.GuestMemory;

// Not UnitTests.GuestMemory: tests of the simulation mean a type by that name.
namespace XenDmHost.UnitTests.HostGuestMemory;

/// <summary>The memory table of a guest that gives its memory by grants.</summary>
public sealed class GrantTableTests
{
    private const ulong Bit = 1UL << 63;
    private const ulong End = Bit + (1UL << 44);

    [Fact]
    public void A_ring_of_64_entries_as_linux_places_it_is_the_table_that_was_measured_on_xen()
    {
        // Descriptors, available ring and used ring of one queue in two pages with the references 8 and 9.
        GrantRegion[] table = Build((Bit + 0x8000, 16 * 64), (Bit + 0x8400, 6 + (2 * 64)), (Bit + 0x9000, 6 + (8 * 64)));
        Assert.Equal(
            [
                new GrantRegion(Bit, 0x8000, OnDemand: true),
                new GrantRegion(Bit + 0x8000, 0x2000, OnDemand: false),
                new GrantRegion(Bit + 0xa000, 0xfffffff6000, OnDemand: true),
            ],
            table);
    }

    [Fact]
    public void A_table_has_no_gap_and_its_rings_are_mapped_at_once()
    {
        Random random = new(7);
        for (int round = 0; round < 500; round++)
        {
            (ulong, ulong)[] rings = [.. Enumerable.Range(0, random.Next(1, 13))
                .Select(_ => (Bit + ((ulong)random.NextInt64(0, 64) * 4096) + (ulong)random.Next(0, 4096), (ulong)random.Next(1, 20000)))];
            GrantRegion[] table = Build(rings);
            ulong next = Bit;
            foreach (GrantRegion region in table)
            {
                Assert.Equal(next, region.Address);
                Assert.Equal(0UL, region.Size % 4096);
                next += region.Size;
            }

            Assert.Equal(End, next);
            foreach ((ulong address, ulong size) in rings)
            {
                GrantRegion region = Assert.Single(table, region => address >= region.Address && address - region.Address < region.Size);
                Assert.False(region.OnDemand);
                Assert.True(address + size <= region.Address + region.Size);
            }
        }
    }

    [Fact]
    public void Pages_that_no_ring_touches_are_not_mapped_in_advance()
    {
        // They may be nobody's grant, and mapping those fails.
        GrantRegion[] table = Build((Bit + 0x3000, 4096), (Bit + 0x5000, 1));
        Assert.Equal([0x3000UL, 0x5000UL], table.Where(region => !region.OnDemand).Select(region => region.Address - Bit));
        Assert.All(table.Where(region => !region.OnDemand), region => Assert.Equal(4096UL, region.Size));
    }

    [Fact]
    public void Rings_in_adjacent_pages_share_a_region() =>
        Assert.Single(Build((Bit + 0x3000, 4096), (Bit + 0x4000, 1)), region => !region.OnDemand);

    [Fact]
    public void A_ring_at_the_first_and_at_the_last_reference_needs_no_gap_there()
    {
        GrantRegion[] table = Build((Bit, 1), (End - 1, 1));
        Assert.Equal([false, true, false], table.Select(region => region.OnDemand));
    }

    [Theory]
    [InlineData(0x4000_0000UL, 16UL, "is guest memory, and others are grants")]
    [InlineData(End, 16UL, "beyond the last grant reference")]
    [InlineData(End - 8, 16UL, "beyond the last grant reference")]
    [InlineData(ulong.MaxValue, 16UL, "beyond the last grant reference")]
    [InlineData(Bit, 0UL, "beyond the last grant reference")]
    [InlineData(Bit, ulong.MaxValue, "beyond the last grant reference")]
    public void What_a_guest_makes_up_is_refused(ulong address, ulong size, string reason)
    {
        Assert.False(GrantTable.TryBuild([(Bit + 0x3000, 64), (address, size)], out GrantRegion[] table, out string said));
        Assert.Empty(table);
        Assert.Contains(reason, said);
    }

    [Fact]
    public void Without_a_ring_there_is_no_table() => Assert.False(GrantTable.TryBuild([], out _, out _));

    private static GrantRegion[] Build(params (ulong Address, ulong Size)[] rings)
    {
        Assert.True(GrantTable.TryBuild(rings, out GrantRegion[] table, out string reason), reason);
        return table;
    }
}
