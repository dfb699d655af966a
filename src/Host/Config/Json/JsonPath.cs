using System.Globalization;

namespace XenDmHost.Host.Config.Json;

/// <summary>The steps of a JSON path (RFC 9535).</summary>
internal static class JsonPath
{
    /// <summary><c>.name</c>, or <c>['odd name']</c> where the short form is not allowed.</summary>
    internal static string Step(string name) =>
        IsPlain(name) ? "." + name : $"['{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']";

    /// <summary><c>[3]</c>.</summary>
    internal static string Step(int index) => string.Create(CultureInfo.InvariantCulture, $"[{index}]");

    /// <summary>Appends a path below a value, such as <c>streams[1].rate</c> or <c>[1]</c>.</summary>
    internal static string Append(string path, string below) =>
        below.Length == 0 ? path : below[0] is '[' or '.' ? path + below : $"{path}.{below}";

    /// <summary>Follows a path such as <c>streams[1].rate</c> from a value, as far as the file goes.</summary>
    /// <returns>The value, or the innermost one on the way to it that the file has.</returns>
    internal static JsonTreeNode Follow(JsonTreeNode from, string below)
    {
        JsonTreeNode node = from;
        foreach (string part in below.Split('.', '[', ']'))
        {
            string name = part.Trim('\'', '"');
            if (name.Length == 0)
            {
                continue;
            }

            if (Child(node, name) is not { } child)
            {
                return node;
            }

            node = child;
        }

        return node;
    }

    private static JsonTreeNode? Child(JsonTreeNode node, string name)
    {
        if (node.Kind != JsonKind.Array)
        {
            return node.Find(name);
        }

        bool inside = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && index < node.Items.Count;
        return inside ? node.Items[index] : null;
    }

    private static bool IsPlain(string name) =>
        name.Length > 0
        && !char.IsAsciiDigit(name[0])
        && name.All(c => c == '_' || char.IsAsciiLetterOrDigit(c));
}
