namespace XenDmHost.Host.Config;

/// <summary>Finds the name that somebody probably meant.</summary>
internal static class NearestName
{
    /// <summary>The words for a key that is not known: the nearest one, or all of them when none is near.</summary>
    internal static string Explain(string what, string name, IReadOnlyCollection<string> known)
    {
        string start = $"unknown {what} {Shown.Name(name)}";
        if (Find(name, known) is { } nearest)
        {
            return $"{start}; did you mean '{nearest}'?";
        }

        return known.Count == 0 ? $"{start}; there is none here" : $"{start}; known here: {string.Join(", ", known)}";
    }

    /// <summary>The known name with the fewest edits to <paramref name="name"/>, or null when none is near.</summary>
    internal static string? Find(string name, IEnumerable<string> known)
    {
        string? best = null;
        int bestDistance = int.MaxValue;
        foreach (string candidate in known)
        {
            int limit = Math.Max(1, Math.Max(name.Length, candidate.Length) / 3);
            if (Math.Abs(name.Length - candidate.Length) > limit)
            {
                continue;
            }

            int distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance <= limit && distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 || j == 0 ? i + j : Cheapest(d, a, b, i, j);
            }
        }

        return d[a.Length, b.Length];
    }

    private static int Cheapest(int[,] d, string a, string b, int i, int j)
    {
        int cost = a[i - 1] == b[j - 1] ? 0 : 1;
        int best = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
        bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return swapped ? Math.Min(best, d[i - 2, j - 2] + 1) : best;
    }
}
