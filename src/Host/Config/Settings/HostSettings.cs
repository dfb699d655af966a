namespace XenDmHost.Host.Config.Settings;

/// <summary>The host's own settings (host.json); docs/guest-file.md explains the keys.</summary>
internal sealed record HostSettings
{
    /// <summary>Folders with plugins, absolute; empty for the one beside the host.</summary>
    public IReadOnlyList<string> PluginFolders { get; init; } = [];

    /// <summary>The absolute folder for what lives as long as the machine: state of devices, sockets.</summary>
    public string RuntimeFolder { get; init; } = "/run/xendmhost";

    public LogSettings Log { get; init; } = new();

    public LimitSettings Limits { get; init; } = new();
}
