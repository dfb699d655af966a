using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config.Checks;

/// <summary>
/// Reads an object key by key. Each method names one key that is allowed and returns its value if that has the right
/// kind; <see cref="End"/> then reports the keys that nobody asked for, and those that are missing.
/// </summary>
internal sealed class ObjectReader(JsonTreeNode node, ConfigErrorList errors)
{
    private readonly List<string> known = [];
    private readonly List<string> missing = [];

    internal JsonTreeNode? Text(string key, bool required = false, string expected = "a string") =>
        Of(key, required) is { } value && ValueChecks.Text(value, expected, errors) ? value : null;

    internal JsonTreeNode? Integer(string key, long min, long max, bool required = false) =>
        Of(key, required) is { } value && ValueChecks.Integer(value, min, max, errors) ? value : null;

    internal JsonTreeNode? Boolean(string key) => OfKind(key, JsonKind.Boolean, "true or false", required: false);

    internal JsonTreeNode? Object(string key, bool required = false) => OfKind(key, JsonKind.Object, "an object", required);

    /// <summary>An array with at least <paramref name="min"/> and at most <paramref name="max"/> values.</summary>
    internal JsonTreeNode? Array(string key, int min, int max, string values, bool required = false)
    {
        if (OfKind(key, JsonKind.Array, $"an array of {values}", required) is not { } array)
        {
            return null;
        }

        if (array.Items.Count >= min && array.Items.Count <= max)
        {
            return array;
        }

        errors.Add(array, $"expected {min} to {max} {values}, found {array.Items.Count}");
        return null;
    }

    /// <summary>A string that is one of a few words.</summary>
    internal void Word(string key, params string[] words)
    {
        string expected = Shown.Choice([.. words.Select(word => $"\"{word}\"")]);
        if (OfKind(key, JsonKind.String, expected, required: false) is { } value && !words.Contains(value.Text))
        {
            errors.Add(value, $"expected {expected}, found {Shown.Value(value)}");
        }
    }

    /// <summary>A value of whatever kind.</summary>
    internal JsonTreeNode? Any(string key) => Of(key, required: false);

    /// <summary>Reports unknown and missing keys. A missing key that an unknown one resembles is not reported twice.</summary>
    internal void End()
    {
        foreach (JsonMember member in node.Members)
        {
            if (!known.Contains(member.Name))
            {
                errors.Add(member, NearestName.Explain("key", member.Name, known));
                missing.Remove(NearestName.Find(member.Name, known) ?? "");
            }
        }

        foreach (string key in missing)
        {
            errors.Add(node, $"required key '{key}' is missing");
        }
    }

    private JsonTreeNode? OfKind(string key, JsonKind kind, string expected, bool required) =>
        Of(key, required) is { } value && ValueChecks.Kind(value, kind, expected, errors) ? value : null;

    private JsonTreeNode? Of(string key, bool required)
    {
        known.Add(key);
        JsonTreeNode? value = node.Find(key);
        if (value is null && required)
        {
            missing.Add(key);
        }

        return value;
    }
}
