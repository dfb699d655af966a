using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.UnitTests.VhostUser;

/// <summary>NET_SET_MTU (vhost-user.rst): only to a back-end that asks for it.</summary>
public sealed class MtuTests
{
    [Fact]
    public void A_back_end_with_the_feature_is_told_the_mtu_in_64_bits()
    {
        using FakeBackEnd backEnd = new() { ProtocolFeatures = 0x219 };
        backEnd.Negotiated();
        Assert.True(backEnd.FrontEnd.SetMtu(9000).IsOk);
        Assert.Equal("2823000000000000", Convert.ToHexString(backEnd.Last(FrontEndRequest.NetSetMtu).Payload));
    }

    [Fact]
    public void A_back_end_without_it_is_told_nothing()
    {
        using FakeBackEnd backEnd = new();
        backEnd.Negotiated();
        Assert.True(backEnd.FrontEnd.SetMtu(9000).IsOk);
        Assert.Empty(backEnd.Messages);
    }
}
