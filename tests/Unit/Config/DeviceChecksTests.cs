using XenDmHost.Abstractions;
using XenDmHost.Host.Config;

namespace XenDmHost.UnitTests.Config;

public sealed class DeviceChecksTests
{
    [Theory]
    [InlineData("", 64, 32)]
    [InlineData("\"queues\": { \"size\": 16 }", 16, 16)]
    [InlineData("\"queues\": { \"sizes\": { \"control\": 1024 } }", 1024, 32)]
    [InlineData("\"queues\": { \"size\": 64, \"sizes\": { \"event\": 8 } }", 64, 8)]
    public void A_size_of_a_queue_goes_before_that_of_all_and_that_before_the_plugins(string keys, int control, int events)
    {
        DeviceCheckResult result = DeviceChecks.Check(Guests.Device(keys), new FakeModel());
        Assert.Equal("", Errors.Join(result.Errors));
        Assert.Equal([(ushort)control, (ushort)events], result.QueueSizes);
    }

    [Fact]
    public void A_size_for_all_must_fit_each_queue() => Assert.Equal(
        "work.json:3: $.devices[0].queues.size: 128 is over the maximum of queue 'event' of plugin 'snd'; use at most 64",
        Check("\"queues\": { \"size\": 128 }"));

    [Fact]
    public void A_size_for_all_that_fits_no_queue_is_one_mistake() => Assert.Equal(
        "work.json:3: $.devices[0].queues.size: 2048 is over the maximum of queue 'event' of plugin 'snd'; use at most 64",
        Check("\"queues\": { \"size\": 2048 }"));

    [Fact]
    public void A_size_for_all_may_be_too_large_for_a_queue_that_has_its_own() =>
        Assert.Equal("", Check("\"queues\": { \"size\": 1024, \"sizes\": { \"event\": 64 } }"));

    [Fact]
    public void A_size_must_fit_its_queue() => Assert.Equal(
        "work.json:3: $.devices[0].queues.sizes.control: 2048 is over the maximum of queue 'control' of plugin 'snd'; use at most 1024",
        Check("\"queues\": { \"sizes\": { \"control\": 2048 } }"));

    [Fact]
    public void An_unknown_queue_names_the_nearest_one() => Assert.Equal(
        "work.json:3: $.devices[0].queues.sizes.controlq: unknown queue 'controlq'; did you mean 'control'?",
        Check("\"queues\": { \"sizes\": { \"controlq\": 64 } }"));

    [Fact]
    public void An_unknown_quirk_lists_the_known_ones() => Assert.Equal(
        "work.json:3: $.devices[0].quirks.magic: unknown quirk 'magic'; known here: slow-start, no-event",
        Check("\"quirks\": { \"magic\": true }"));

    [Fact]
    public void Quirks_are_switched_by_the_guest_file()
    {
        DeviceEntry device = Guests.Device("\"quirks\": { \"slow-start\": true, \"no-event\": false }");
        IReadOnlyList<Quirk> quirks = DeviceChecks.Check(device, new FakeModel()).Quirks;
        Assert.Equal([("slow-start", true), ("no-event", false)], quirks.Select(quirk => (quirk.Id, quirk.Enabled)));
    }

    [Fact]
    public void Quirks_that_are_not_mentioned_stay_as_the_plugin_has_them()
    {
        IReadOnlyList<Quirk> quirks = DeviceChecks.Check(Guests.Device(""), new FakeModel()).Quirks;
        Assert.Equal([false, true], quirks.Select(quirk => quirk.Enabled));
    }

    private static string Check(string keys) => Errors.Join(DeviceChecks.Check(Guests.Device(keys), new FakeModel()).Errors);
}
