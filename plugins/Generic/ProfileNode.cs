using System.Text.Json;

namespace XenDmHost.Plugins.Generic;

/// <summary>A value of a profile together with its place, so that every complaint names it.</summary>
internal readonly record struct ProfileNode(JsonElement Element, string Path)
{
    /// <summary>Refuses every key but these.</summary>
    internal void AllowOnly(params ReadOnlySpan<string> keys)
    {
        Expect(JsonValueKind.Object, "an object");
        foreach (JsonProperty property in Element.EnumerateObject())
        {
            if (!keys.Contains(property.Name))
            {
                throw new ProfileException(PathOf(property.Name), $"unknown key: known here are {string.Join(", ", keys)}");
            }
        }
    }

    internal ProfileNode Required(string key) =>
        Optional(key) ?? throw new ProfileException(PathOf(key), "is missing");

    internal ProfileNode? Optional(string key)
    {
        Expect(JsonValueKind.Object, "an object");
        return Element.TryGetProperty(key, out JsonElement value) ? new ProfileNode(value, PathOf(key)) : null;
    }

    internal List<ProfileNode> Items()
    {
        Expect(JsonValueKind.Array, "a list");
        string path = Path;
        return [.. Element.EnumerateArray().Select((item, index) => new ProfileNode(item, $"{path}[{index}]"))];
    }

    internal string Text()
    {
        Expect(JsonValueKind.String, "a text");
        string text = Element.GetString()!;
        return string.IsNullOrWhiteSpace(text) ? throw new ProfileException(Path, "is empty") : text;
    }

    internal bool Flag() => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new ProfileException(Path, $"must be true or false, not {Describe()}"),
    };

    internal int Number(int min, int max) =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int value) && value >= min && value <= max
            ? value
            : throw new ProfileException(Path, $"must be a whole number from {min} to {max}, not {Describe()}");

    /// <summary>An unsigned number that fits into so many bytes.</summary>
    internal ulong Unsigned(int bytes)
    {
        ulong max = FieldValue.MaxNumber(bytes);
        return Element.ValueKind == JsonValueKind.Number && Element.TryGetUInt64(out ulong value) && value <= max
            ? value
            : throw new ProfileException(Path, $"must be a whole number from 0 to {max}, not {Describe()}");
    }

    private string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    private void Expect(JsonValueKind kind, string what)
    {
        if (Element.ValueKind != kind)
        {
            throw new ProfileException(Path, $"must be {what}, not {Describe()}");
        }
    }

    private string Describe() => Element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"the text \"{Element.GetString()}\"",
        _ => Element.GetRawText(),
    };
}
