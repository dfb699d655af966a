using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config;

/// <summary>The errors of one file, collected so that a user sees all of them at once.</summary>
internal sealed class ConfigErrorList(string file)
{
    /// <summary>
    /// As many errors are kept; the rest is only counted. A file of 1 MiB can hold hundreds of thousands, and nobody
    /// reads on after a hundred.
    /// </summary>
    internal const int MaxKept = 100;

    private readonly List<ConfigError> kept = [];
    private int dropped;

    internal int Count => kept.Count + dropped;

    internal void AddFile(string message) => kept.Add(new ConfigError(file, 0, "$", message));

    internal void Add(JsonTreeNode node, string message) => Add(node.Line, node, message);

    /// <summary>An error about a key, which may stand on another line than its value.</summary>
    internal void Add(JsonMember member, string message) => Add(member.Line, member.Value, message);

    /// <summary>An error at a line of its own (a syntax error), with the innermost value that is known there.</summary>
    internal void Add(int line, JsonTreeNode? node, string message)
    {
        if (kept.Count == MaxKept)
        {
            dropped++;
            return;
        }

        kept.Add(new ConfigError(file, line, node?.Path ?? "$", message));
    }

    /// <summary>All errors in the order of their lines.</summary>
    internal IReadOnlyList<ConfigError> Sorted()
    {
        List<ConfigError> sorted = [.. kept.OrderBy(error => error.Line)];
        if (dropped > 0)
        {
            sorted.Add(new ConfigError(file, 0, "$", $"{dropped} more errors are not shown"));
        }

        return sorted;
    }
}
