using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Xenbus;

namespace XenDmHost.UnitTests.XenStore.Xenbus;

/// <summary>Numbers that a guest or a toolstack wrote.</summary>
public sealed class GuestOfferTests
{
    [Theory]
    [InlineData("1", 1u)]
    [InlineData("131071", 131071u)]
    public void A_port_is_a_decimal_number(string text, uint expected)
    {
        Assert.True(GuestOffer.TryParsePort(text, out uint port));
        Assert.Equal(expected, port);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("05")]
    [InlineData("-1")]
    [InlineData("+5")]
    [InlineData(" 5")]
    [InlineData("5 ")]
    [InlineData("5\0")]
    [InlineData("0x5")]
    [InlineData("131072")]
    [InlineData("4294967297")]
    [InlineData("99999999999999999999")]
    public void Anything_else_is_no_port(string text) => Assert.False(GuestOffer.TryParsePort(text, out _));

    [Theory]
    [InlineData("512", 512ul)]
    [InlineData("0x200", 512ul)]
    [InlineData("4K", 4096ul)]
    [InlineData("0x1k", 1024ul)]
    [InlineData("2M", 2ul << 20)]
    [InlineData("1G", 1ul << 30)]
    public void A_size_is_read_as_the_guests_driver_reads_it(string text, ulong expected)
    {
        Assert.True(StoreNumber.TryParseSize(text, out ulong size));
        Assert.Equal(expected, size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("K")]
    [InlineData("4KB")]
    [InlineData("-4K")]
    [InlineData("0xffffffffffffffffG")]
    public void Anything_else_is_no_size(string text) => Assert.False(StoreNumber.TryParseSize(text, out _));
}
