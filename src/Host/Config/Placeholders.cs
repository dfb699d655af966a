using System.Text.RegularExpressions;
using XenDmHost.Host.Config.Checks;
using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config;

/// <summary>
/// The <c>{word}</c> placeholders of a guest file. Braces around anything but one word are left alone, so that
/// arguments may be JSON themselves.
/// </summary>
internal static partial class Placeholders
{
    internal const string Guest = "guest", Domid = "domid", Id = "id", Dir = "dir", Socket = "socket";

    internal static IReadOnlyList<string> OfSocket { get; } = [Guest, Domid, Id, Dir];

    internal static IReadOnlyList<string> OfLaunch { get; } = [Socket, Guest, Domid, Id, Dir];

    /// <summary>Adds an error for the first placeholder that is none of <paramref name="known"/>.</summary>
    internal static bool Check(JsonTreeNode node, IReadOnlyList<string> known, ConfigErrorList errors)
    {
        foreach (Match match in Pattern().Matches(node.Text))
        {
            if (!known.Contains(match.Groups[1].Value))
            {
                string words = string.Join(' ', known.Select(word => $"{{{word}}}"));
                errors.Add(node, $"unknown placeholder {Shown.Name(match.Value)}; known here: {words}");
                return false;
            }
        }

        return ValueChecks.NoControls(node, errors);
    }

    /// <summary>True when the text uses this placeholder.</summary>
    internal static bool Uses(string text, string word) => text.Contains($"{{{word}}}", StringComparison.Ordinal);

    /// <summary>Fills in the placeholders in one pass: what is filled in is not looked at again.</summary>
    internal static string Expand(string text, IReadOnlyDictionary<string, string> values) =>
        Pattern().Replace(text, match => values.GetValueOrDefault(match.Groups[1].Value, match.Value));

    [GeneratedRegex(@"\{([A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
