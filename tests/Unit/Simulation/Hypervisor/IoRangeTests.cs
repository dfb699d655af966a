using XenDmHost.Simulation.Hypervisor;

namespace XenDmHost.UnitTests.Simulation.Hypervisor;

public sealed class IoRangeTests
{
    private static readonly IoRange Range = new(0x1000, 0x11ff);

    [Theory]
    [InlineData(0x1000, 4, true)]
    [InlineData(0x11fc, 4, true)]
    [InlineData(0x11fd, 4, false)]
    [InlineData(0x11ff, 1, true)]
    [InlineData(0x1200, 1, false)]
    [InlineData(0xfff, 1, false)]
    [InlineData(0xffe, 4, false)]
    public void An_access_belongs_to_the_range_that_contains_all_of_it(ulong address, ulong extent, bool contained) =>
        Assert.Equal(contained, Range.ContainsAll(address, extent));

    [Fact]
    public void A_descending_repetition_is_contained_by_its_lowest_item()
    {
        var request = IoreqRequest.Read(0x1008, 4) with { Count = 3, Descending = true };

        Assert.True(Range.ContainsAll(request.FirstByte, request.Extent));
        Assert.False(Range.ContainsAll((request with { Count = 4 }).FirstByte, 16));
    }

    [Fact]
    public void The_top_of_the_address_space_does_not_wrap()
    {
        Assert.False(Range.ContainsAll(ulong.MaxValue, 8));
        Assert.True(new IoRange(0, ulong.MaxValue).ContainsAll(ulong.MaxValue, 1));
    }
}
