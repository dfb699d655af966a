using XenDmHost.Abstractions;
using XenDmHost.Host.Plugins;

namespace XenDmHost.UnitTests.Plugins;

public sealed class DescriptionCheckTests
{
    [Fact]
    public void A_sound_description_passes() => Assert.Null(FindFault(new TestDevice()));

    [Fact]
    public void The_extremes_that_are_allowed_pass()
    {
        QueueLayout[] queues = [.. Enumerable.Range(0, 64).Select(i => new QueueLayout($"q{i}", 1, 32768))];
        Assert.Null(FindFault(new TestDevice { Identity = new DeviceIdentity(1, "a"), Queues = queues }));
    }

    [Fact]
    public void Each_part_must_be_there()
    {
        AssertFault("returned a device without Identity", new TestDevice { Identity = null! });
        AssertFault("returned a device without Queues", new TestDevice { Queues = null! });
        AssertFault("returned a device without Features", new TestDevice { Features = null! });
        AssertFault("returned a device without ConfigSpace", new TestDevice { ConfigSpace = null! });
        AssertFault("returned a device without Quirks", new TestDevice { Quirks = null! });
        AssertFault("returned a device without Needs", new TestDevice { Needs = null! });
        AssertFault("returned null as queue 1", new TestDevice { Queues = [new("a", 1, 1), null!] });
        AssertFault("returned null as quirk 0", new TestDevice { Quirks = [null!] });
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(65536u)]
    public void A_virtio_device_id_that_cannot_be_is_a_fault(uint id) =>
        AssertFault($"returned virtio device id {id}: it must be 1 to 65535", new TestDevice { Identity = new DeviceIdentity(id, "a") });

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void A_device_has_1_to_64_queues(int count) => AssertFault(
        $"returned {count} queues: a device has 1 to 64",
        new TestDevice { Queues = [.. Enumerable.Range(0, count).Select(i => new QueueLayout($"q{i}", 1, 1))] });

    [Theory]
    [InlineData(0, 64, "Size 0: it must be a power of two, 1 to 32768")]
    [InlineData(100, 128, "Size 100: it must be a power of two, 1 to 32768")]
    [InlineData(64, 100, "MaxSize 100: it must be a power of two, 1 to 32768")]
    [InlineData(64, 65535, "MaxSize 65535: it must be a power of two, 1 to 32768")]
    [InlineData(128, 64, "Size 128 above MaxSize 64")]
    public void A_queue_size_is_a_power_of_two_and_not_above_the_maximum(int size, int max, string fault) => AssertFault(
        $"returned queue 'a' with {fault}", new TestDevice { Queues = [new("a", (ushort)size, (ushort)max)] });

    [Fact]
    public void Names_are_unique_and_not_empty()
    {
        AssertFault("returned two queues named 'a'", new TestDevice { Queues = [new("a", 1, 1), new("b", 1, 1), new("a", 1, 1)] });
        AssertFault("returned two quirks named 'a'", new TestDevice { Quirks = [new("a", "why", true), new("a", "why", false)] });
        AssertFault("returned a device in which the name of queue 0 is empty", new TestDevice { Queues = [new(null!, 1, 1)] });
        AssertFault("returned a device in which Identity.Name is empty", new TestDevice { Identity = new DeviceIdentity(1, " ") });
        AssertFault("returned a device in which the reason of quirk 'a' is empty", new TestDevice { Quirks = [new("a", "", true)] });
        AssertFault("returned a device in which the name of the field at 0 is empty", new TestDevice { ConfigSpace = ConfigLayout.Of(4, ConfigLayout.Field("", 0, 4)) });
    }

    [Fact]
    public void Ids_of_quirks_are_lower_case() =>
        AssertFault("returned quirk 'No Blob': an id has lower-case letters, digits and '-' only", new TestDevice { Quirks = [new("No Blob", "why", true)] });

    [Fact]
    public void There_is_one_rule_for_a_feature_bit()
    {
        FeatureRules rules = FeatureRules.BackEndDecides.Mask(3, "A", "why").Require(3, "B", "why");
        AssertFault("returned two rules for feature bit 3 (B)", new TestDevice { Features = rules });
    }

    [Fact]
    public void A_field_has_a_kind_that_exists() => AssertFault(
        "returned field 'a' of unknown kind 99",
        new TestDevice { ConfigSpace = ConfigLayout.Of(4, ConfigLayout.Field("a", 0, 4, (ConfigFieldKind)99)) });

    [Fact]
    public void A_side_channel_has_a_request() => AssertFault(
        "returned a side channel with request 0",
        new TestDevice { Needs = new DeviceNeeds { SideChannel = new SideChannelNeed(0, "gpu") } });

    [Fact]
    public void A_side_channel_has_limits_and_somebody_who_serves_it()
    {
        SideChannelNeed need = new(33, "gpu");
        AssertFault("returned a side channel with MaxPayload -1", new TestDevice { Needs = new DeviceNeeds { SideChannel = need with { MaxPayload = -1 } } });
        AssertFault("returned a side channel with MaxDescriptors 254", new TestDevice { Needs = new DeviceNeeds { SideChannel = need with { MaxDescriptors = 254 } } });
        AssertFault("returned a device that needs a side channel and does not implement ISideChannelDevice", new TestDevice { Needs = new DeviceNeeds { SideChannel = need } });
    }

    [Fact]
    public void What_a_plugin_does_to_its_lists_later_does_not_reach_the_host()
    {
        List<QueueLayout> queues = [new("a", 1, 1)];
        DeviceDescription description = new(new TestDevice { Queues = queues });
        queues.Clear();
        Assert.Single(description.Queues);
    }

    private static void AssertFault(string start, TestDevice device) =>
        Assert.StartsWith(start, FindFault(device), StringComparison.Ordinal);

    private static string? FindFault(TestDevice device) => DescriptionCheck.FindFault(new DeviceDescription(device));
}
