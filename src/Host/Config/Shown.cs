using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config;

/// <summary>Values of a file as error messages show them: short, and recognizable in the file.</summary>
internal static class Shown
{
    private const int MaxLength = 60;

    /// <summary>A name or text of the file in single quotes.</summary>
    internal static string Name(string text) => $"'{Cut(text)}'";

    /// <summary>A value: its kind, and itself where it is short.</summary>
    internal static string Value(JsonTreeNode node) => node.Kind switch
    {
        JsonKind.Object => "an object",
        JsonKind.Array => "an array",
        JsonKind.String => $"the string {Literal(node)}",
        JsonKind.Number => $"the number {Literal(node)}",
        _ => Literal(node),
    };

    /// <summary>A value as it would be written in the file; objects and arrays by their kind alone.</summary>
    internal static string Literal(JsonTreeNode node) => node.Kind switch
    {
        JsonKind.String => $"\"{Cut(node.Text)}\"",
        JsonKind.Object or JsonKind.Array => Value(node),
        _ => Cut(node.Text),
    };

    /// <summary>"a, b or c".</summary>
    internal static string Choice(IReadOnlyList<string> words) =>
        words.Count <= 1 ? string.Concat(words) : $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}";

    private static string Cut(string text)
    {
        if (text.Length <= MaxLength)
        {
            return text;
        }

        // A pair of surrogates is not torn apart: half of one is no text.
        int end = char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return text[..end] + "...";
    }
}
