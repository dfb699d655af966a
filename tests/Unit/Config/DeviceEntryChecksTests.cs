namespace XenDmHost.UnitTests.Config;

public sealed class DeviceEntryChecksTests
{
    [Theory]
    [InlineData("-1", "found the number -1")]
    [InlineData("536870912", "found the number 536870912")]
    [InlineData("1e1", "found the number 1e1")]
    [InlineData("1.0", "found the number 1.0")]
    [InlineData("99999999999999999999", "found the number 99999999999999999999")]
    [InlineData("\"1\"", "found the string \"1\"; remove the quotes")]
    [InlineData("true", "found true")]
    public void An_id_is_a_plain_integer_that_xen_has_for_a_device(string id, string found) => Assert.Equal(
        $"work.json:1: $.devices[0].id: expected an integer from 0 to 536870911, {found}",
        Errors.Of($$"""{ "guest": "work", "devices": [ { "plugin": "p", "id": {{id}}, "backEnd": { "socket": "/s" } } ] }"""));

    [Fact]
    public void A_duplicate_id_names_the_line_of_the_first() => Assert.Equal(
        "work.json:3: $.devices[1].id: id 5 is used twice; the first device with it is on line 2",
        Errors.Of("""
            { "guest": "work", "devices": [
              { "plugin": "p", "id": 5, "backEnd": { "socket": "/a" } },
              { "plugin": "p", "id": 5, "backEnd": { "socket": "/b" } } ] }
            """));

    [Theory]
    [InlineData("Snd")]
    [InlineData("../snd")]
    public void A_plugins_name_has_lower_case_letters_digits_and_dashes(string plugin) => Assert.Equal(
        $"work.json:1: $.devices[0].plugin: '{plugin}' is no plugin's name; those have lower-case letters, digits and '-'",
        Errors.Of($$"""{ "guest": "work", "devices": [ { "plugin": "{{plugin}}", "id": 0, "backEnd": { "socket": "/s" } } ] }"""));

    [Theory]
    [InlineData("..")]
    [InlineData("1/2")]
    [InlineData("newest")]
    public void A_version_starts_with_a_digit_and_leads_nowhere(string version) => Assert.Equal(
        $"work.json:3: $.devices[0].version: '{version}' is no version; write one such as \"1.0.0\" or leave the key out for the newest",
        Errors.OfDevice($"\"version\": \"{version}\""));

    [Theory]
    [InlineData("65", "65 is not a power of two; use 64 or 128")]
    [InlineData("3", "3 is not a power of two; use 2 or 4")]
    [InlineData("0", "expected an integer from 1 to 32768, found the number 0")]
    [InlineData("65536", "expected an integer from 1 to 32768, found the number 65536")]
    public void A_queue_size_is_a_power_of_two_up_to_32768(string size, string message)
    {
        Assert.Equal(
            $"work.json:3: $.devices[0].queues.size: {message}",
            Errors.OfDevice($$"""  "queues": { "size": {{size}} } """));
        Assert.Equal(
            $"work.json:3: $.devices[0].queues.sizes['event-q']: {message}",
            Errors.OfDevice($$"""  "queues": { "sizes": { "event-q": {{size}} } } """));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("32768")]
    public void The_smallest_and_the_largest_queue_size_pass(string size) =>
        Assert.Equal("", Errors.OfDevice($$"""  "queues": { "size": {{size}} } """));

    [Fact]
    public void A_quirk_is_switched_by_true_or_false() => Assert.Equal(
        "work.json:3: $.devices[0].quirks.slow: expected true or false, found the string \"yes\"; remove the quotes",
        Errors.OfDevice("\"quirks\": { \"slow\": \"yes\" }"));

    [Theory]
    [InlineData("\"2000000h\"", "found the string \"2000000h\"")]
    [InlineData("\"0x\"", "found the string \"0x\"")]
    [InlineData("\"-512\"", "found the string \"-512\"")]
    [InlineData("\"0x10000000000000000\"", "found the string \"0x10000000000000000\"")]
    [InlineData("1e9", "found the number 1e9")]
    [InlineData("{}", "found an object")]
    [InlineData("null", "found null")]
    public void A_base_is_hexadecimal_or_decimal(string value, string found) => Assert.Equal(
        $"work.json:3: $.devices[0].transport.base: expected an address such as \"0x02000000\" (hexadecimal with 0x, or decimal), {found}",
        Errors.OfDevice($$"""  "transport": { "base": {{value}} } """));

    [Theory]
    [InlineData("0x2000100", "0x2000100 is not a multiple of 0x200; use 0x2000000 or 0x2000200")]
    [InlineData("33554436", "0x2000004 is not a multiple of 0x200; use 0x2000000 or 0x2000200")]
    [InlineData("0x100", "0x100 is not a multiple of 0x200; use 0x200")]
    [InlineData("0", "0x0 is no place for a device; leave 'base' out to have one chosen")]
    [InlineData("0xFFFFFFFFFFFFFE00", "0xfffffffffffffe00 is no place for a device; leave 'base' out to have one chosen")]
    public void A_base_is_aligned_to_the_window(string value, string message) => Assert.Equal(
        $"work.json:3: $.devices[0].transport.base: {message}",
        Errors.OfDevice($$"""  "transport": { "base": "{{value}}" } """));

    [Fact]
    public void Windows_must_not_overlap() => Assert.Equal(
        "work.json:3: $.devices[1].transport.base: the window of 0x200 bytes at 0x2000000 overlaps the one on line 2",
        Errors.Of("""
            { "guest": "work", "devices": [
              { "plugin": "p", "id": 0, "backEnd": { "socket": "/a" }, "transport": { "base": "0x2000000" } },
              { "plugin": "p", "id": 1, "backEnd": { "socket": "/b" }, "transport": { "base": 33554432 } } ] }
            """));

    [Theory]
    [InlineData(31)]
    [InlineData(1020)]
    public void An_irq_is_a_shared_interrupt_of_the_guest(int irq) => Assert.Equal(
        $"work.json:3: $.devices[0].transport.irq: expected an integer from 32 to 1019, found the number {irq}",
        Errors.OfDevice($$"""  "transport": { "irq": {{irq}} } """));

    [Fact]
    public void Two_devices_must_not_share_an_irq() => Assert.Equal(
        "work.json:3: $.devices[1].transport.irq: irq 40 is used twice; the first device with it is on line 2",
        Errors.Of("""
            { "guest": "work", "devices": [
              { "plugin": "p", "id": 0, "backEnd": { "socket": "/a" }, "transport": { "irq": 40 } },
              { "plugin": "p", "id": 1, "backEnd": { "socket": "/b" }, "transport": { "irq": 40 } } ] }
            """));

    [Fact]
    public void A_probe_is_held_for_thirty_seconds_at_most() => Assert.Equal(
        "work.json:3: $.devices[0].transport.waitForBackEndMs: expected an integer from 0 to 30000, found the number 30001",
        Errors.OfDevice("\"transport\": { \"waitForBackEndMs\": 30001 }"));
}
