using XenDmHost.Host.Guests;
using XenDmHost.Host.Hypervisor;

namespace XenDmHost.UnitTests.Guests;

/// <summary>Where register windows of attached devices go.</summary>
public sealed class MmioPlacesTests
{
    private static readonly MmioPlaces SmallGuest = new([Bank(0, 0xc000000)]);

    [Fact]
    public void The_first_places_are_pages_of_their_own_from_fd000000_on()
    {
        Assert.Equal(0xfd000000, SmallGuest.Choose(null, []));
        Assert.Equal(0xfd001000, SmallGuest.Choose(null, [0xfd000000]));
        Assert.Equal(0xfd001000, SmallGuest.Choose(null, [0xfd000e00]));
        Assert.Equal(0xfd000000, SmallGuest.Choose(null, [0xfd001000]));
    }

    [Fact]
    public void Ram_is_left_out()
    {
        Assert.Equal(0xfd002000, new MmioPlaces([Bank(0, 0xfd001001)]).Choose(null, []));
        Assert.Null(new MmioPlaces([Bank(0x40000000, 0xc0000000)]).Choose(null, []));
    }

    [Fact]
    public void When_every_page_is_taken_there_is_none()
    {
        List<ulong> taken = [];
        while (SmallGuest.Choose(null, taken) is { } place) taken.Add(place);
        Assert.Equal(0x1c00, taken.Count);
        Assert.Equal(0xfebff000, taken[^1]);
    }

    [Theory]
    [InlineData(0xfd000200ul)]
    [InlineData(0x100000000ul)]
    [InlineData(0xc000000ul)]
    public void A_wish_is_taken_where_it_is_free(ulong wanted) => Assert.Equal(wanted, SmallGuest.Choose(wanted, [0xfd000000]));

    [Theory]
    [InlineData(0xbfffe00ul)]
    [InlineData(0xfd000000ul)]
    [InlineData(0xfc000000ul)]
    [InlineData(0xfec00000ul)]
    [InlineData(0xfee00000ul)]
    public void A_wish_over_ram_a_device_or_a_page_of_the_platform_is_refused(ulong wanted) =>
        Assert.Null(SmallGuest.Choose(wanted, [0xfd000000]));

    private static RamBank Bank(ulong start, ulong size) => new(start, size, null!, 0, RamKind.Foreign);
}
