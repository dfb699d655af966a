using XenDmHost.Host.Config;

namespace XenDmHost.UnitTests.Config;

public sealed class DeviceEntryTests
{
    private static readonly DeviceEntry Device = Guests.Device("""
        "options": {
          "profile": "blk",
          "streams": [ { "rate": 1 },
            { "rate": 2 } ] }
        """);

    [Theory]
    [InlineData("profile", "work.json:4: $.devices[0].options.profile: wrong")]
    [InlineData("streams[1].rate", "work.json:6: $.devices[0].options.streams[1].rate: wrong")]
    [InlineData("", "work.json:3: $.devices[0].options: wrong")]
    public void An_error_at_an_option_has_its_line(string path, string line) =>
        Assert.Equal(line, Device.OptionError(path, "wrong").ToString());

    [Theory]
    [InlineData("colour", "work.json:3: $.devices[0].options.colour: wrong")]
    [InlineData("streams[1].name", "work.json:6: $.devices[0].options.streams[1].name: wrong")]
    [InlineData("streams[7]", "work.json:5: $.devices[0].options.streams[7]: wrong")]
    [InlineData("streams[99999999999]", "work.json:5: $.devices[0].options.streams[99999999999]: wrong")]
    [InlineData("profile.x", "work.json:4: $.devices[0].options.profile.x: wrong")]
    [InlineData("a]][[..b", "work.json:3: $.devices[0].options.a]][[..b: wrong")]
    public void An_error_at_an_option_that_is_not_there_has_the_line_of_what_is(string path, string line) =>
        Assert.Equal(line, Device.OptionError(path, "wrong").ToString());

    [Fact]
    public void Without_options_an_error_has_the_line_of_the_device() => Assert.Equal(
        "work.json:2: $.devices[0].options.profile: wrong",
        Guests.Device("").OptionError("profile", "wrong").ToString());

    [Fact]
    public void An_error_at_another_key_has_its_line() => Assert.Equal(
        "work.json:2: $.devices[0].plugin: there is no plugin 'snd'",
        Device.ErrorAt("plugin", "there is no plugin 'snd'").ToString());
}
