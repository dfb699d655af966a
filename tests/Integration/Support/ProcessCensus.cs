namespace XenDmHost.IntegrationTests.Support;

/// <summary>What this process has open and running, as far as it can be the host's.</summary>
internal static class ProcessCensus
{
    private static readonly string[] HostThreads = ["ioreq ", "relay ", "blk ", "snd ", "launcher", "xenstore"];

    /// <summary>
    /// The descriptors of the kinds that the host opens, by what they are, as "anon_inode:[eventfd] 3, socket 5". Pipes are
    /// not among them: those of the processes beside us come and go.
    /// </summary>
    internal static string Descriptors() => string.Join(", ", Directory.GetFileSystemEntries("/proc/self/fd")
        .Select(KindOf)
        .Where(kind => kind is "socket" or "/memfd" || kind.StartsWith("anon_inode", StringComparison.Ordinal))
        .CountBy(kind => kind)
        .OrderBy(kind => kind.Key, StringComparer.Ordinal)
        .Select(kind => $"{kind.Key} {kind.Value}"));

    /// <summary>The names of the host's threads that run.</summary>
    internal static string Threads() => string.Join(", ", Directory.GetDirectories("/proc/self/task")
        .Select(NameOf)
        .Where(name => HostThreads.Any(start => name.StartsWith(start, StringComparison.Ordinal)))
        .Order(StringComparer.Ordinal));

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).TrimEnd('\n');
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string KindOf(string entry)
    {
        string target = new FileInfo(entry).LinkTarget ?? "";
        int colon = target.IndexOf(':', StringComparison.Ordinal);
        return target.StartsWith("anon_inode", StringComparison.Ordinal) || colon < 0 ? target : target[..colon];
    }
}
