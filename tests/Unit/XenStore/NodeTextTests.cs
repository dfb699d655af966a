using XenDmHost.Host.XenStore;

namespace XenDmHost.UnitTests.XenStore;

public sealed class NodeTextTests
{
    [Theory]
    [InlineData("0", 0ul)]
    [InlineData("33554432", 0x2000000ul)]
    [InlineData("0x2000000", 0x2000000ul)]
    [InlineData("0XFFFFFFFFFFFFFFFF", ulong.MaxValue)]
    [InlineData("010", 8ul)]
    [InlineData("01777777777777777777777", ulong.MaxValue)]
    public void A_number_is_decimal_hexadecimal_or_octal(string text, ulong expected)
    {
        Assert.True(StoreNumber.TryParse(text, out ulong value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("-1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("08")]
    [InlineData("0x1g")]
    [InlineData("18446744073709551616")]
    [InlineData("02000000000000000000000")]
    public void What_is_no_number_is_refused(string text) => Assert.False(StoreNumber.TryParse(text, out ulong _));

    [Theory]
    [InlineData("4", XenbusState.Connected)]
    [InlineData("8", XenbusState.Reconfigured)]
    [InlineData("9", XenbusState.Unknown)]
    [InlineData("", XenbusState.Unknown)]
    [InlineData("Connected", XenbusState.Unknown)]
    public void A_state_that_means_nothing_is_unknown(string text, object expected) =>
        Assert.Equal((XenbusState)expected, StoreNumber.ParseState(text));

    [Theory]
    [InlineData("n0", StoreAccess.None, 0u)]
    [InlineData("b32751", StoreAccess.Both, 32751u)]
    public void A_permission_reads_and_prints_the_same(string text, object access, uint domid)
    {
        Assert.True(StorePermission.TryParse(text, out StorePermission permission));
        Assert.Equal(new StorePermission((StoreAccess)access, domid), permission);
        Assert.Equal(text, permission.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("r")]
    [InlineData("x0")]
    [InlineData("r-1")]
    public void What_is_no_permission_is_refused(string text) => Assert.False(StorePermission.TryParse(text, out _));

    [Theory]
    [InlineData("5", "0", true)]
    [InlineData("05", "0", false)]
    [InlineData("5", "+1", false)]
    [InlineData("5", "x", false)]
    [InlineData("5", "99999999999", false)]
    public void A_device_folder_is_two_plain_numbers(string guest, string device, bool expected) =>
        Assert.Equal(expected, VirtioNodeAddress.TryParse(VirtioNodeAddress.RootOf(0), guest, device, out _));

    [Fact]
    public void A_device_folder_stands_below_the_domain_that_serves_it()
    {
        VirtioNodeAddress address = new(VirtioNodeAddress.RootOf(3), 5, 1);
        Assert.Equal("/local/domain/3/backend/virtio/5/1", address.Path);
    }

    [Fact]
    public void A_guest_answers_to_its_domid_uuid_and_name()
    {
        GuestIdentity guest = new(7, "work", "/vm/6ba7b810-9dad-11d1-80b4-00c04fd430c8");
        Assert.True(guest.Answers("7"));
        Assert.True(guest.Answers("6BA7B810-9dad-11d1-80b4-00c04fd430c8"));
        Assert.True(guest.Answers("work"));
        Assert.False(guest.Answers("70"));
        Assert.False(guest.Answers("wor"));
        Assert.False(guest.Answers("00000000-0000-0000-0000-000000000000"));
    }
}
