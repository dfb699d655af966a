namespace XenDmHost.Host.Plugins;

/// <summary>A folder in which one version of a plugin lies: <c>root/name/version</c>. It never changes once it is there.</summary>
/// <param name="Name">The plugin's name.</param>
/// <param name="Version">The plugin's version.</param>
/// <param name="Path">The folder, as an absolute path.</param>
internal sealed record PluginFolder(string Name, PluginVersion Version, string Path)
{
    public override string ToString() => $"{Name} {Version}";
}
