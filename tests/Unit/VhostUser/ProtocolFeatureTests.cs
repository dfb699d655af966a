using System.Runtime.CompilerServices;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.UnitTests.VhostUser;

public sealed class ProtocolFeatureTests
{
    [Fact]
    public void Every_known_feature_is_either_implemented_or_has_a_reason_why_not()
    {
        foreach (ProtocolFeature feature in Enum.GetValues<ProtocolFeature>())
        {
            Assert.True(NeverAcknowledged.Implemented.Has(feature) ^ NeverAcknowledged.Reasons.ContainsKey(feature), feature.ToString());
        }
    }

    [Fact]
    public void What_nobody_knows_is_not_acknowledged()
    {
        ProtocolFeatureSet all = NeverAcknowledged.Acknowledge(new ProtocolFeatureSet(ulong.MaxValue));
        Assert.Equal(0x3b239UL, all.Bits);
        Assert.Equal(0UL, NeverAcknowledged.Acknowledge(default).Bits);
    }

    [Fact]
    public void Names_are_those_of_the_specification()
    {
        Assert.Equal("GET_VRING_BASE_SKIP_DRAIN", SpecName.Of(ProtocolFeature.GetVringBaseSkipDrain));
        Assert.Equal("bit 40", SpecName.Of((ProtocolFeature)40));
        Assert.Equal("SET_BACKEND_REQ_FD", SpecName.Of(FrontEndRequest.SetBackendReqFd));
        Assert.Equal("request 33", SpecName.Of((FrontEndRequest)33));
    }

    [Fact]
    public void Structs_have_the_sizes_of_the_wire()
    {
        Assert.Equal(12, Unsafe.SizeOf<MessageHeader>());
        Assert.Equal(8, Unsafe.SizeOf<VringState>());
        Assert.Equal(40, Unsafe.SizeOf<VringAddress>());
        Assert.Equal(32, Unsafe.SizeOf<RegionPayload>());
        Assert.Equal(40, Unsafe.SizeOf<XenRegionPayload>());
        Assert.Equal(8, Unsafe.SizeOf<MemTableHeader>());
        Assert.Equal(12, Unsafe.SizeOf<ConfigHeader>());
        Assert.Equal(8, Unsafe.SizeOf<VringDescriptorWord>());
        Assert.Equal(24, Unsafe.SizeOf<InflightPayload>());
    }
}
