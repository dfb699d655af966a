namespace XenDmHost.Host.Plugins;

/// <summary>
/// The plugins that are installed: every <c>root/name/version</c>, each judged by the gate. What is wrong with one folder
/// is reported and keeps no other from being found.
/// </summary>
internal sealed class PluginCatalogue
{
    private PluginCatalogue(IReadOnlyList<PluginEntry> entries, IReadOnlyList<PluginFinding> findings)
    {
        Entries = entries;
        Findings = findings;
    }

    /// <summary>Every version of every plugin, by name and then highest version first.</summary>
    internal IReadOnlyList<PluginEntry> Entries { get; }

    /// <summary>Folders that are no plugin, or that another one hides.</summary>
    internal IReadOnlyList<PluginFinding> Findings { get; }

    /// <summary>Scans the roots; of the same name and version the one in the earlier root counts.</summary>
    internal static PluginCatalogue Scan(IEnumerable<string> roots)
    {
        PluginScan scan = new();
        foreach (string root in roots)
        {
            scan.AddRoot(Path.GetFullPath(root));
        }

        List<PluginEntry> entries = [.. scan.Folders
            .OrderBy(folder => folder.Name, StringComparer.Ordinal)
            .ThenByDescending(folder => folder.Version)
            .Select(PluginGate.Inspect)];
        return new PluginCatalogue(entries, scan.Findings);
    }

    /// <summary>
    /// The plugin that a guest file means: the pinned version, or else the highest that this host can load.
    /// </summary>
    /// <exception cref="PluginException">There is none; the message says what there is, or why it is refused.</exception>
    internal PluginManifest Choose(string name, string? pinnedVersion = null)
    {
        List<PluginEntry> ofName = [.. Entries.Where(entry => entry.Folder.Name == name)];
        if (ofName.Count == 0)
        {
            throw new PluginException(Unknown(name));
        }

        List<PluginEntry> wanted = pinnedVersion is null
            ? ofName
            : ofName.FindAll(entry => entry.Folder.Version.Text == pinnedVersion);
        if (wanted.Count == 0)
        {
            string versions = string.Join(", ", ofName.Select(entry => entry.Folder.Version));
            throw new PluginException($"plugin {name} has no version {pinnedVersion}: installed are {versions}");
        }

        return wanted.Find(entry => entry.Manifest is not null)?.Manifest
            ?? throw new PluginException($"plugin {wanted[0].Refusal}");
    }

    private string Unknown(string name)
    {
        List<string> known = [.. Entries.Select(entry => entry.Folder.Name).Distinct(StringComparer.Ordinal)];
        string installed = known.Count == 0 ? "none is installed" : $"installed are {string.Join(", ", known)}";
        string? nearest = PluginName.Nearest(name, known);
        return nearest is null
            ? $"there is no plugin '{name}': {installed}"
            : $"there is no plugin '{name}': did you mean '{nearest}'? ({installed})";
    }
}
