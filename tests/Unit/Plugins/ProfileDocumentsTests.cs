using System.Text.Json;
using XenDmHost.Abstractions;

namespace XenDmHost.UnitTests.Plugins;

/// <summary>The JSON Schema and the README of profiles, against what the plugin really takes.</summary>
public sealed class ProfileDocumentsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static string Plugin => ShippedPlugins.Registry.Open("generic").Directory;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{ "?": 0 }""", "properties")]
    [InlineData("""{ "config": { "?": 0 } }""", "properties/config/properties")]
    [InlineData("""{ "config": { "size": 4, "fields": [ { "?": 0 } ] } }""", "$defs/field/properties")]
    [InlineData("""{ "name": "a", "virtioId": 1, "queues": [ { "?": 0 } ] }""", "$defs/queue/properties")]
    [InlineData("""{ "name": "a", "virtioId": 1, "queues": [ { "name": "q", "size": 1, "repeat": { "?": 0 } } ] }""", "$defs/queue/properties/repeat/properties")]
    [InlineData("""{ "name": "a", "virtioId": 1, "queues": [ { "name": "q", "size": 1 } ], "features": { "?": 0 } }""", "properties/features/properties")]
    [InlineData("""{ "name": "a", "virtioId": 1, "queues": [ { "name": "q", "size": 1 } ], "features": { "mask": [ { "?": 0 } ] } }""", "$defs/rules/items/properties")]
    [InlineData("""{ "name": "a", "virtioId": 1, "queues": [ { "name": "q", "size": 1 } ], "quirks": [ { "?": 0 } ] }""", "$defs/quirk/properties")]
    public void The_schema_has_the_keys_that_the_plugin_knows(string profile, string place)
    {
        _folder.File("device.json", profile);
        DeviceConfigException error = Assert.Throws<DeviceConfigException>(
            () => ShippedPlugins.Describe("generic", """{ "profileFile": "device.json" }""", _folder.Path));
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Plugin, "profile.schema.json")));
        JsonElement properties = place.Split('/').Aggregate(schema.RootElement, (element, key) => element.GetProperty(key));
        string known = string.Join(", ", properties.EnumerateObject().Select(property => property.Name));
        Assert.EndsWith($"?: unknown key: known here are {known}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_README_lists_every_profile()
    {
        string readme = File.ReadAllText(Path.Combine(Plugin, "README.md"));
        Assert.All(Directory.GetFiles(Path.Combine(Plugin, "profiles")), path =>
            Assert.Contains($"| `{Path.GetFileNameWithoutExtension(path)}` | virtio-", readme, StringComparison.Ordinal));
    }
}
