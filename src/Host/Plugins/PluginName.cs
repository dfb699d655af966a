namespace XenDmHost.Host.Plugins;

/// <summary>The rule for the names of plugins, and the nearest known name to a mistyped one.</summary>
internal static class PluginName
{
    private const int NearEnough = 2;

    /// <summary>Lower-case letters, digits and '-', at least one.</summary>
    internal static bool IsValid(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>The known name that differs from <paramref name="name"/> by at most two letters, or null.</summary>
    internal static string? Nearest(string name, IEnumerable<string> known) =>
        known.Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            .Where(item => item.Distance <= NearEnough)
            .OrderBy(item => item.Distance)
            .Select(item => item.Name)
            .FirstOrDefault();

    /// <summary>How many letters must be inserted, removed or replaced (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        int[] previous = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int[] current = new int[right.Length + 1];
            current[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
