namespace XenDmHost.Simulation.StandIns.Devices.Fs;

/// <summary>
/// A folder and all below it, with a number for each file that was ever asked for. Links are not there: they may lead out.
/// </summary>
internal sealed class SharedFolder(string path)
{
    private const ulong Root = 1;

    private readonly List<string> _paths = [Path.GetFullPath(path)];
    private readonly Dictionary<string, ulong> _nodes = [];

    /// <summary>The file of a number; null when there is none, or none any more.</summary>
    internal FileSystemInfo? Find(ulong node) =>
        node >= Root && node - Root < (ulong)_paths.Count ? Existing(_paths[(int)(node - Root)]) : null;

    /// <summary>The file of a name in a folder, with its number.</summary>
    internal (ulong Node, FileSystemInfo File)? Find(DirectoryInfo folder, string name)
    {
        if (name.Length == 0 || name is "." or ".." || name.Contains('/', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal)) return null;
        return Existing(Path.Combine(folder.FullName, name)) is { } file ? (NodeOf(file), file) : null;
    }

    /// <summary>What is in a folder, by name.</summary>
    internal IReadOnlyList<(ulong Node, FileSystemInfo File)> List(DirectoryInfo folder) =>
        [.. folder.EnumerateFileSystemInfos().Where(IsShown).OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => (NodeOf(file), file))];

    private static FileSystemInfo? Existing(string path)
    {
        FileSystemInfo file = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        return file.Exists && IsShown(file) ? file : null;
    }

    private static bool IsShown(FileSystemInfo file) => file.LinkTarget is null;

    private ulong NodeOf(FileSystemInfo file)
    {
        if (_nodes.TryGetValue(file.FullName, out ulong known)) return known;
        _paths.Add(file.FullName);
        return _nodes[file.FullName] = (ulong)_paths.Count;
    }
}
