namespace XenDmHost.Host.Plugins;

/// <summary>Collects plugin folders from one root after another.</summary>
internal sealed class PluginScan
{
    /// <summary>
    /// Names that begin so are nobody's plugin: a folder is written under such a name and renamed when it is complete.
    /// </summary>
    internal const char StagingPrefix = '.';

    private readonly Dictionary<(string Name, string Version), PluginFolder> _folders = [];
    private readonly List<PluginFinding> _findings = [];

    internal IReadOnlyCollection<PluginFolder> Folders => _folders.Values;

    internal IReadOnlyList<PluginFinding> Findings => _findings;

    internal void AddRoot(string root)
    {
        if (!Directory.Exists(root))
        {
            _findings.Add(new PluginFinding(root, "this plugin folder does not exist"));
            return;
        }

        foreach (string folder in Subfolders(root))
        {
            AddPlugin(folder);
        }
    }

    private void AddPlugin(string folder)
    {
        string name = Path.GetFileName(folder);
        if (!PluginName.IsValid(name))
        {
            _findings.Add(new PluginFinding(folder, $"'{name}' is no plugin name: lower-case letters, digits and '-' only"));
            return;
        }

        foreach (string versionFolder in Subfolders(folder))
        {
            AddVersion(name, versionFolder);
        }
    }

    private void AddVersion(string name, string path)
    {
        string text = Path.GetFileName(path);
        if (!PluginVersion.TryParse(text, out PluginVersion? version))
        {
            _findings.Add(new PluginFinding(path, $"'{text}' is no version: write it as 1.2.3 or 1.2.3-beta.1"));
            return;
        }

        PluginFolder folder = new(name, version, path);
        if (!_folders.TryAdd((name, text), folder))
        {
            _findings.Add(new PluginFinding(path, $"hidden by {_folders[(name, text)].Path}"));
        }
    }

    private List<string> Subfolders(string folder)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(folder)
                .Where(path => Path.GetFileName(path)[0] != StagingPrefix)
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _findings.Add(new PluginFinding(folder, $"cannot be read: {error.Message}"));
            return [];
        }
    }
}
