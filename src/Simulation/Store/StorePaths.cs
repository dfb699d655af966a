namespace XenDmHost.Simulation.Store;

/// <summary>Paths as the simulated store takes them: every client is dom0.</summary>
internal static class StorePaths
{
    internal const string OwnDomain = "/local/domain/0";

    private const int MaxAbsolute = 3072;
    private const int MaxRelative = 2048;

    /// <summary>Makes a node's path absolute; false when the text is none.</summary>
    internal static bool TryResolve(string text, out string path)
    {
        path = text.StartsWith('/') ? text : OwnDomain + "/" + text;
        if (text == "/") return true;
        int limit = text.StartsWith('/') ? MaxAbsolute : MaxRelative;
        return text.Length is not 0 && text.Length <= limit && text[0] != '@' && HasNames(path);
    }

    internal static bool IsSpecial(string text) => text.Length is > 1 and <= MaxRelative && text[0] == '@' && text.All(IsAllowed);

    internal static string[] Names(string path) => path == "/" ? [] : path[1..].Split('/');

    internal static string Parent(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }

    /// <summary>Whether <paramref name="path"/> is <paramref name="ancestor"/> or stands below it.</summary>
    internal static bool IsAtOrBelow(string path, string ancestor) =>
        ancestor == "/"
        || (path.StartsWith(ancestor, StringComparison.Ordinal) && (path.Length == ancestor.Length || path[ancestor.Length] == '/'));

    private static bool HasNames(string path) => Names(path).All(name => name.Length > 0 && name.All(IsAllowed));

    private static bool IsAllowed(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '@' or '/';
}
