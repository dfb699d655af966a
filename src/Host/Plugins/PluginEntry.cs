namespace XenDmHost.Host.Plugins;

/// <summary>A folder of the catalogue with the gate's answer: a manifest, or the reason why it cannot be used.</summary>
internal sealed record PluginEntry
{
    private PluginEntry(PluginFolder folder, PluginManifest? manifest, string? refusal)
    {
        Folder = folder;
        Manifest = manifest;
        Refusal = refusal;
    }

    internal PluginFolder Folder { get; }

    /// <summary>Null when the plugin is refused.</summary>
    internal PluginManifest? Manifest { get; }

    /// <summary>Null when the plugin can be loaded; else one line that names it.</summary>
    internal string? Refusal { get; }

    internal static PluginEntry Accepted(PluginManifest manifest) => new(manifest.Folder, manifest, null);

    internal static PluginEntry Refused(PluginFolder folder, string reason) => new(folder, null, $"{folder}: {reason}");
}
