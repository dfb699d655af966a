using System.Globalization;
using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config.Checks;

/// <summary>Checks of single values; each adds at most one error and says whether the value passed.</summary>
internal static class ValueChecks
{
    internal static bool Kind(JsonTreeNode node, JsonKind kind, string expected, ConfigErrorList errors)
    {
        if (node.Kind == kind)
        {
            return true;
        }

        string hint = kind is JsonKind.Number or JsonKind.Boolean && node.Kind == JsonKind.String
            ? "; remove the quotes"
            : kind == JsonKind.String && node.Kind is JsonKind.Number or JsonKind.Boolean ? "; put it in quotes" : "";
        errors.Add(node, $"expected {expected}, found {Shown.Value(node)}{hint}");
        return false;
    }

    /// <summary>A whole number in plain digits: the configuration binder reads neither 1e3 nor 8.0 as one.</summary>
    internal static bool Integer(JsonTreeNode node, long min, long max, ConfigErrorList errors)
    {
        string expected = string.Create(CultureInfo.InvariantCulture, $"an integer from {min} to {max}");
        if (!Kind(node, JsonKind.Number, expected, errors))
        {
            return false;
        }

        if (AsInteger(node) is { } value && value >= min && value <= max)
        {
            return true;
        }

        errors.Add(node, $"expected {expected}, found {Shown.Value(node)}");
        return false;
    }

    /// <summary>A string that is not empty and free of control characters (a NUL would cut a path short).</summary>
    internal static bool Text(JsonTreeNode node, string expected, ConfigErrorList errors)
    {
        if (!Kind(node, JsonKind.String, expected, errors))
        {
            return false;
        }

        if (node.Text.Length == 0)
        {
            errors.Add(node, $"expected {expected}, found an empty one");
            return false;
        }

        return NoControls(node, errors);
    }

    internal static bool NoControls(JsonTreeNode node, ConfigErrorList errors)
    {
        foreach (char c in node.Text)
        {
            if (char.IsControl(c))
            {
                errors.Add(node, $"the control character U+{(int)c:X4} is not allowed here");
                return false;
            }
        }

        return true;
    }

    /// <summary>The number, or null when it is not one in plain digits that fits.</summary>
    internal static long? AsInteger(JsonTreeNode node) =>
        long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;
}
