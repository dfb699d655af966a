namespace XenDmHost.UnitTests.Config;

public sealed class GuestFileChecksTests
{
    [Fact]
    public void A_file_that_uses_every_key_passes() => Assert.Equal("", Errors.Of(Guests.Full));

    [Fact]
    public void The_root_must_be_an_object() => Assert.Equal(
        "work.json:1: $: expected an object with \"guest\" and \"devices\", found an array", Errors.Of("[]"));

    [Fact]
    public void An_unknown_key_names_the_nearest_one() => Assert.Equal(
        "work.json:3: $.devices[0].queue: unknown key 'queue'; did you mean 'queues'?",
        Errors.OfDevice("\"queue\": { \"size\": 64 }"));

    [Fact]
    public void Keys_with_another_case_are_unknown() => Assert.Equal(
        "work.json:3: $.devices[0].Options: unknown key 'Options'; did you mean 'options'?",
        Errors.OfDevice("\"Options\": {}"));

    [Fact]
    public void Swapped_letters_count_as_one_edit() => Assert.Equal(
        "work.json:3: $.devices[0].transport.iqr: unknown key 'iqr'; did you mean 'irq'?",
        Errors.OfDevice("\"transport\": { \"iqr\": 33 }"));

    [Fact]
    public void An_unknown_key_that_resembles_none_lists_them_all() => Assert.Equal(
        "work.json:3: $.devices[0].queues.colour: unknown key 'colour'; known here: size, sizes",
        Errors.OfDevice("\"queues\": { \"colour\": 1 }"));

    [Fact]
    public void A_misspelt_required_key_is_reported_once() => Assert.Equal(
        "work.json:1: $.gest: unknown key 'gest'; did you mean 'guest'?",
        Errors.Of("""{ "gest": "work", "devices": [ { "plugin": "p", "id": 0, "backEnd": { "socket": "/s" } } ] }"""));

    [Fact]
    public void Required_keys_of_a_device_are_named() => Assert.Equal(
        """
        work.json:2: $.devices[0]: required key 'plugin' is missing
        work.json:2: $.devices[0]: required key 'id' is missing
        work.json:2: $.devices[0]: required key 'backEnd' is missing
        """,
        Errors.Of("{ \"guest\": \"work\", \"devices\": [\n{} ] }"));

    [Fact]
    public void Null_is_no_object() => Assert.Equal(
        "work.json:3: $.devices[0].options: expected an object, found null", Errors.OfDevice("\"options\": null"));

    [Fact]
    public void An_array_is_no_object() => Assert.Equal(
        "work.json:3: $.devices[0].quirks: expected an object, found an array", Errors.OfDevice("\"quirks\": []"));

    [Fact]
    public void An_object_is_no_string() => Assert.Equal(
        "work.json:3: $.devices[0].version: expected a plugin's version such as \"1.0.0\", found an object",
        Errors.OfDevice("\"version\": {}"));

    [Fact]
    public void Null_is_no_device() => Assert.Equal(
        "work.json:1: $.devices[0]: expected a device (an object), found null",
        Errors.Of("""{ "guest": "work", "devices": [ null ] }"""));

    [Theory]
    [InlineData("{}", "expected an array of devices, found an object")]
    [InlineData("[]", "expected 1 to 64 devices, found 0")]
    public void Devices_are_an_array_that_is_not_empty(string devices, string message) => Assert.Equal(
        $"work.json:1: $.devices: {message}", Errors.Of($$"""{ "guest": "work", "devices": {{devices}} }"""));

    [Fact]
    public void More_than_64_devices_are_refused() => Assert.Equal(
        "work.json:1: $.devices: expected 1 to 64 devices, found 65",
        Errors.Of($$"""{ "guest": "work", "devices": [{{string.Join(',', Enumerable.Repeat("0", 65))}}] }"""));

    [Theory]
    [InlineData("3", "expected a guest's name, uuid or domid, found the number 3; put it in quotes")]
    [InlineData("\"\"", "expected a guest's name, uuid or domid, found an empty one")]
    [InlineData("\"a/b\"", "'a/b' is no guest: expected a name without '/', a uuid or a domid")]
    [InlineData("\"..\"", "'..' is no guest: expected a name without '/', a uuid or a domid")]
    [InlineData("\"0\"", "'0' is no guest's domid; those are 1 to 32751")]
    [InlineData("\"32752\"", "'32752' is no guest's domid; those are 1 to 32751")]
    [InlineData("\"a\\nb\"", "the control character U+000A is not allowed here")]
    public void The_guest_is_a_name_a_uuid_or_a_domid(string guest, string message) => Assert.Equal(
        $"work.json:1: $.guest: {message}",
        Errors.Of($$"""{ "guest": {{guest}}, "devices": [ { "plugin": "p", "id": 0, "backEnd": { "socket": "/s" } } ] }"""));

    [Theory]
    [InlineData("32751")]
    [InlineData("89d30a47-6a5c-4f0f-8b0e-0a6c0f5f1b6e")]
    [InlineData("my guest")]
    public void Names_uuids_and_domids_pass(string guest) => Assert.Equal(
        "", Errors.Of($$"""{ "guest": "{{guest}}", "devices": [ { "plugin": "p", "id": 0, "backEnd": { "socket": "/s" } } ] }"""));

    [Fact]
    public void A_simulation_needs_the_simulated_platform() => Assert.Equal(
        "work.json:1: $.simulation: 'simulation' needs \"platform\": \"simulated\"",
        Errors.Of("""{ "guest": "g", "simulation": "x", "devices": [ { "plugin": "p", "id": 0, "backEnd": { "socket": "/s" } } ] }"""));

    [Fact]
    public void A_key_with_a_colon_is_refused() => Assert.Equal(
        "work.json:3: $.devices[0].options['a:b']: key 'a:b' must not contain ':'",
        Errors.OfDevice("\"options\": { \"a:b\": 1 }"));

    [Fact]
    public void A_duplicate_key_names_the_line_of_the_first() => Assert.Equal(
        "work.json:3: $.devices[0].id: duplicate key 'id'; the first is on line 2", Errors.OfDevice("\"id\": 1"));

    [Fact]
    public void An_error_at_a_key_is_on_the_line_of_the_key() => Assert.Equal(
        "work.json:3: $.devices[0].optoins: unknown key 'optoins'; did you mean 'options'?",
        Errors.OfDevice("\"optoins\":\n\n{}"));
}
