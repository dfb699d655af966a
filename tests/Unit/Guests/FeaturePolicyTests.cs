using XenDmHost.Abstractions;
using XenDmHost.Host.Guests;

namespace XenDmHost.UnitTests.Guests;

/// <summary>Which feature bits pass between a back-end and a guest (virtio 1.3, 2.2 and 6; the host's policy).</summary>
public sealed class FeaturePolicyTests
{
    private const ulong Version1 = 1UL << 32;
    private const ulong AccessPlatform = 1UL << 33;

    /// <summary>What qemu-storage-daemon 7.2 offers for a disk: 24, 26 and 30 are not for guests.</summary>
    private const ulong StorageDaemon = 0x175007e46;

    [Theory]
    [InlineData(24, "NOTIFY_ON_EMPTY, of legacy devices")]
    [InlineData(25, "unassigned")]
    [InlineData(26, "VHOST_F_LOG_ALL")]
    [InlineData(27, "ANY_LAYOUT, of legacy devices")]
    [InlineData(30, "VHOST_USER_F_PROTOCOL_FEATURES")]
    [InlineData(31, "unassigned")]
    [InlineData(34, "RING_PACKED")]
    [InlineData(37, "SR_IOV")]
    [InlineData(38, "NOTIFICATION_DATA")]
    [InlineData(39, "NOTIF_CONFIG_DATA")]
    [InlineData(41, "ADMIN_VQ")]
    [InlineData(42, "reserved")]
    [InlineData(43, "SUSPEND")]
    public void A_guest_never_sees(int bit, string name)
    {
        ulong offer = Policy().Offer(ulong.MaxValue);

        Assert.True((offer & (1UL << bit)) == 0, name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(23)]
    [InlineData(28)]
    [InlineData(29)]
    [InlineData(35)]
    [InlineData(36)]
    [InlineData(40)]
    [InlineData(50)]
    [InlineData(63)]
    public void A_guest_sees_what_the_back_end_offers_of_the_rest(int bit)
    {
        Assert.NotEqual(0UL, Policy().Offer(1UL << bit) & (1UL << bit));
        Assert.Equal(0UL, Policy().Offer(0) & (1UL << bit));
    }

    [Fact]
    public void VERSION_1_is_always_offered_because_the_registers_are_those_of_version_2() =>
        Assert.Equal(Version1, Policy().Offer(0));

    [Theory]
    [InlineData(false, 0UL)]
    [InlineData(true, AccessPlatform)]
    public void ACCESS_PLATFORM_is_offered_on_Xen_only(bool onXen, ulong expected) =>
        Assert.Equal(expected, new FeaturePolicy(FeatureRules.BackEndDecides, onXen).Offer(0) & AccessPlatform);

    [Fact]
    public void A_disk_of_qemu_storage_daemon_keeps_its_own_bits() => Assert.Equal(0x130007e46UL, Policy().Offer(StorageDaemon));

    [Fact]
    public void The_plugin_masks_and_forces_bits()
    {
        FeaturePolicy policy = new(FeatureRules.BackEndDecides.Mask(1, "SIZE_MAX", "it is 0").Force(5, "MAC", "from options"), accessPlatform: false);

        Assert.Equal(Version1 | (1UL << 5) | (1UL << 2), policy.Offer((1UL << 1) | (1UL << 2)));
    }

    [Fact]
    public void SET_FEATURES_says_only_what_the_back_end_itself_offered()
    {
        const ulong Driver = Version1 | AccessPlatform | (1UL << 5) | (1UL << 2);

        Assert.Equal(Version1 | (1UL << 2), FeaturePolicy.ForBackEnd(Driver, Version1 | (1UL << 2) | (1UL << 30)));
    }

    [Fact]
    public void A_back_end_without_VERSION_1_is_refused_with_words() =>
        Assert.Contains("VIRTIO_F_VERSION_1", Policy().Refusal(0), StringComparison.Ordinal);

    [Fact]
    public void A_required_bit_that_is_missing_is_named_with_its_reason()
    {
        FeaturePolicy policy = new(FeatureRules.BackEndDecides.Require(0, "VIRTIO_X_F_Y", "nothing works without it"), accessPlatform: false);

        Assert.Equal("it does not offer VIRTIO_X_F_Y (bit 0): nothing works without it", policy.Refusal(Version1));
        Assert.Null(policy.Refusal(Version1 | 1));
    }

    private static FeaturePolicy Policy() => new(FeatureRules.BackEndDecides, accessPlatform: false);
}
