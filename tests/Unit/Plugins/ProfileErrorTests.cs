using XenDmHost.Abstractions;

namespace XenDmHost.UnitTests.Plugins;

/// <summary>Every way in which a profile can be wrong, each told with the file and the place in it.</summary>
public sealed class ProfileErrorTests : IDisposable
{
    private const string Queue = """{ "name": "q", "size": 64 }""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{ "virtioId": 4, "queues": [] }""", "name: is missing")]
    [InlineData("""{ "name": "Rng", "virtioId": 4, "queues": [] }""", "name: 'Rng' is wrong: lower-case letters, digits and '-' only")]
    [InlineData("""{ "name": 4, "virtioId": 4, "queues": [] }""", "name: must be a text, not 4")]
    [InlineData("""{ "name": "", "virtioId": 4, "queues": [] }""", "name: is empty")]
    [InlineData("""{ "name": "a", "queues": [] }""", "virtioId: is missing")]
    [InlineData("""{ "name": "a", "virtioId": 0, "queues": [] }""", "virtioId: must be a whole number from 1 to 65535, not 0")]
    [InlineData("""{ "name": "a", "virtioId": "4", "queues": [] }""", "virtioId: must be a whole number from 1 to 65535, not the text \"4\"")]
    [InlineData("""{ "name": "a", "virtioId": 4 }""", "queues: is missing")]
    [InlineData("""{ "name": "a", "virtioId": 4, "queues": {} }""", "queues: must be a list, not an object")]
    [InlineData("""{ "name": "a", "virtioId": 4, "queues": [] }""", "queues: a device has 1 to 64 queues, not 0")]
    [InlineData("""{ "name": "a", "virtioId": 4, "queue": [] }""", "queue: unknown key: known here are $schema, name, virtioId, queues, config, features, quirks")]
    [InlineData("[]", "must be an object, not a list")]
    public void The_device(string profile, string words) => AssertWrong(profile, words);

    [Theory]
    [InlineData("null", "queues[0]: must be an object, not null")]
    [InlineData("""{ "size": 64 }""", "queues[0].name: is missing")]
    [InlineData("""{ "name": "q" }""", "queues[0].size: is missing")]
    [InlineData("""{ "name": "q", "size": 100 }""", "queues[0].size: 100 is not a power of two")]
    [InlineData("""{ "name": "q", "size": 65536 }""", "queues[0].size: must be a whole number from 1 to 32768, not 65536")]
    [InlineData("""{ "name": "q", "size": 6.4 }""", "queues[0].size: must be a whole number from 1 to 32768, not 6.4")]
    [InlineData("""{ "name": "q", "size": 64, "maxSize": 32 }""", "queues[0].maxSize: 32 is less than the size, 64")]
    [InlineData("""{ "name": "q", "size": 64, "max": 64 }""", "queues[0].max: unknown key: known here are name, size, maxSize, repeat")]
    [InlineData("""{ "name": "q", "size": 64 }, { "name": "q", "size": 64 }""", "queues[1].name: 'q' is there twice")]
    [InlineData("""{ "name": "q", "size": 64, "repeat": { "max": 2 } }, { "name": "r", "size": 64 }""", "queues[0].repeat: only the last queue can repeat")]
    [InlineData("""{ "name": "q", "size": 64, "repeat": {} }""", "queues[0].repeat.max: is missing")]
    [InlineData("""{ "name": "q", "size": 64 }, { "name": "r", "size": 64, "repeat": { "max": 64 } }""", "queues[1].repeat.max: must be a whole number from 1 to 63, not 64")]
    [InlineData("""{ "name": "q", "size": 64, "repeat": { "default": 3, "max": 2 } }""", "queues[0].repeat.default: must be a whole number from 1 to 2, not 3")]
    public void Queues(string queues, string words) =>
        AssertWrong($$"""{ "name": "a", "virtioId": 4, "queues": [{{queues}}] }""", words);

    [Theory]
    [InlineData("""{ "fields": [] }""", "config.size: is missing")]
    [InlineData("""{ "size": 257 }""", "config.size: must be a whole number from 1 to 256, not 257")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 6, "width": 4 } ] }""", "config.fields[0].offset: must be a whole number from 0 to 4, not 6")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 9 } ] }""", "config.fields[0].width: must be a whole number from 1 to 8, not 9")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 4, "kind": "rw" } ] }""", "config.fields[0].kind: 'rw' is wrong: it must be readOnly, forwarded, selector, writeOneToClear or kept")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 4 }, { "name": "b", "offset": 2, "width": 4 } ] }""", "config.fields[1].offset: 4 bytes at 2 overlap 'a', 4 bytes at 0")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 4 }, { "name": "a", "offset": 4, "width": 4 } ] }""", "config.fields[1].name: 'a' is there twice")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 1, "value": 256 } ] }""", "config.fields[0].value: must be a whole number from 0 to 255, not 256")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 3, "value": 1 } ] }""", "config.fields[0].value: must be a text, not 1")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 2, "valueFrom": "queues" } ] }""", "config.fields[0].valueFrom: must be \"repeatCount\": how often the last queue is there")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 3, "valueFrom": "repeatCount" } ] }""", "config.fields[0].valueFrom: only a field of 1, 2, 4 or 8 bytes can have it, and this has 3")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 3, "value": "ütt" } ] }""", "config.fields[0].value: has more than 3 bytes")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 2, "valueFrom": "repeatCount", "value": 1 } ] }""", "config.fields[0].valueFrom: a field has value or valueFrom, not both")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 4, "target": "b" } ] }""", "config.fields[0].target: only a field of kind writeOneToClear has a target")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 4, "kind": "writeOneToClear" } ] }""", "config.fields[0].target: is missing")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 4, "kind": "writeOneToClear", "target": "a" } ] }""", "config.fields[0].target: 'a' is no other field of 4 bytes")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 4, "format": "mac" } ] }""", "config.fields[0].format: a MAC address has 6 bytes, and this field 4")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 6, "format": "ip" } ] }""", "config.fields[0].format: must be \"mac\"; leave it out for numbers and texts")]
    [InlineData("""{ "size": 8, "fields": [ { "name": "a", "offset": 0, "width": 6, "format": "mac", "value": "1" } ] }""", "config.fields[0].value: must be a MAC address of one station, such as \"52:54:00:12:34:56\"")]
    public void The_configuration_space(string config, string words) =>
        AssertWrong($$"""{ "name": "a", "virtioId": 4, "queues": [{{Queue}}], "config": {{config}} }""", words);

    [Theory]
    [InlineData("""{ "mask": [ { "bit": 30, "name": "A", "reason": "b" } ] }""", "features.mask[0].bit: 30 belongs to the ring and the transport: a device type has 0 to 23 and 50 to 63")]
    [InlineData("""{ "require": [ { "bit": 64, "name": "A", "reason": "b" } ] }""", "features.require[0].bit: must be a whole number from 0 to 63, not 64")]
    [InlineData("""{ "force": [ { "bit": 1, "name": "A", "reason": "b", "field": "x" } ] }""", "features.force[0].field: 'x' is no field of the configuration space")]
    [InlineData("""{ "mask": [ { "bit": 1, "name": "A", "reason": "b", "field": "x" } ] }""", "features.mask[0].field: unknown key: known here are bit, name, reason")]
    [InlineData("""{ "force": [ { "bit": 1, "name": "A" } ] }""", "features.force[0].reason: is missing")]
    [InlineData("""{ "mask": [ { "bit": 1, "name": "A", "reason": "b" } ], "force": [ { "bit": 1, "name": "A", "reason": "b" } ] }""", "features.force[0].bit: '1' is there twice")]
    [InlineData("""{ "hide": [] }""", "features.hide: unknown key: known here are require, mask, force")]
    public void Features(string features, string words) =>
        AssertWrong($$"""{ "name": "a", "virtioId": 4, "queues": [{{Queue}}], "features": {{features}} }""", words);

    [Theory]
    [InlineData("""[ { "id": "No Blob", "reason": "b" } ]""", "quirks[0].id: 'No Blob' is wrong: lower-case letters, digits and '-' only")]
    [InlineData("""[ { "id": "a", "reason": "b", "enabled": 1 } ]""", "quirks[0].enabled: must be true or false, not 1")]
    [InlineData("""[ { "id": "a", "reason": "b" }, { "id": "a", "reason": "b" } ]""", "quirks[1].id: 'a' is there twice")]
    public void Quirks(string quirks, string words) =>
        AssertWrong($$"""{ "name": "a", "virtioId": 4, "queues": [{{Queue}}], "quirks": {{quirks}} }""", words);

    [Fact]
    public void Text_that_is_no_JSON_is_told_with_its_line()
    {
        string path = _folder.File("device.json", "{\n  \"name\": \"a\",\n  \"virtioId\" 4\n}");
        Assert.StartsWith($"{path}:3: not valid JSON: ", Fail("""{ "profileFile": "device.json" }""").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repeated_key_is_refused()
    {
        string path = _folder.File("device.json", """{ "name": "a", "name": "b" }""");
        Assert.StartsWith($"{path}:1: not valid JSON: ", Fail("""{ "profileFile": "device.json" }""").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_of_ones_own_is_found_beside_the_guest_file()
    {
        _folder.File("device.json", $$"""
            { // comments and trailing commas are allowed
              "name": "a", "virtioId": 4, "queues": [{{Queue}}],
              "quirks": [ { "id": "x", "reason": "y", "enabled": false }, ],
            }
            """);
        Quirk quirk = Assert.Single(ShippedPlugins.Describe("generic", """{ "profileFile": "device.json" }""", _folder.Path).Quirks);
        Assert.Equal(new Quirk("x", "y", false), quirk);
    }

    [Theory]
    [InlineData("{}", "profile", "is missing: name a profile (blk")]
    [InlineData("""{ "profile": "blkk" }""", "profile", "there is no profile 'blkk': there are blk")]
    [InlineData("""{ "profile": "../blk" }""", "profile", "there is no profile '../blk': there are blk")]
    [InlineData("""{ "profile": "" }""", "profile", "'' is wrong: it must be a text that is not empty")]
    [InlineData("""{ "profile": "blk", "profileFile": "x" }""", "profileFile", "a device has profile or profileFile, not both")]
    [InlineData("""{ "profileFile": "none.json" }""", "profileFile", "/none.json cannot be read: ")]
    [InlineData("""{ "profile": "blk", "queues": 65 }""", "queues", "'65' is wrong: it must be a whole number from 1 to 64")]
    [InlineData("""{ "profile": "blk", "queue": 1 }""", "queue", "unknown key: this device takes profile, profileFile, queues, fields")]
    [InlineData("""{ "profile": "blk", "fields": 1 }""", "fields", "must be an object: field names and their values")]
    [InlineData("""{ "profile": "blk", "fields": { "size": 1 } }""", "fields.size", "is no field of profile 'blk': there are capacity, size_max")]
    [InlineData("""{ "profile": "rng", "fields": { "size": 1 } }""", "fields.size", "profile 'rng' has no fields")]
    [InlineData("""{ "profile": "blk", "fields": { "heads": 256 } }""", "fields.heads", "must be a whole number from 0 to 255")]
    [InlineData("""{ "profile": "blk", "fields": { "heads": {} } }""", "fields.heads", "must be a whole number from 0 to 255")]
    [InlineData("""{ "profile": "fs", "fields": { "tag": "1234567890123456789012345678901234567" } }""", "fields.tag", "must be a text of at most 36 bytes")]
    public void The_options(string options, string path, string words)
    {
        DeviceConfigException error = Assert.Throws<DeviceConfigException>(() => ShippedPlugins.Describe("generic", options));
        Assert.Equal(path, error.Path);
        Assert.StartsWith(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_queues_is_fixed_when_none_repeats()
    {
        _folder.File("device.json", $$"""{ "name": "a", "virtioId": 4, "queues": [{{Queue}}] }""");
        DeviceConfigException error = Fail("""{ "profileFile": "device.json", "queues": 2 }""");
        Assert.Equal(("queues", "the queues of profile 'a' are fixed: leave this out"), (error.Path, error.Message));
    }

    private void AssertWrong(string profile, string words)
    {
        string path = _folder.File("device.json", profile);
        DeviceConfigException error = Fail("""{ "profileFile": "device.json" }""");
        Assert.Equal("profileFile", error.Path);
        Assert.Equal($"{path}: {words}", error.Message);
    }

    private DeviceConfigException Fail(string options) =>
        Assert.Throws<DeviceConfigException>(() => ShippedPlugins.Describe("generic", options, _folder.Path));
}
