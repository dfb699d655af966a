using System.Globalization;
using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config.Schema;

/// <summary>JSON values compared as JSON Schema does: numbers by value, objects without regard to order.</summary>
internal static class JsonEquality
{
    internal static bool Same(JsonTreeNode a, JsonTreeNode b)
    {
        if (a.Kind != b.Kind)
        {
            return false;
        }

        return a.Kind switch
        {
            JsonKind.Number => Compare(a.Text, b.Text) == 0,
            JsonKind.Array => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(pair => Same(pair.First, pair.Second)),
            JsonKind.Object => a.Members.Count == b.Members.Count
                && a.Members.All(member => b.Find(member.Name) is { } other && Same(member.Value, other)),
            _ => a.Text == b.Text,
        };
    }

    /// <summary>Compares two JSON numbers, exactly where decimal holds both.</summary>
    internal static int Compare(string a, string b) =>
        decimal.TryParse(a, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exactA)
        && decimal.TryParse(b, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exactB)
            ? exactA.CompareTo(exactB)
            : Number(a).CompareTo(Number(b));

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
