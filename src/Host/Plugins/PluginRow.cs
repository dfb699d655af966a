namespace XenDmHost.Host.Plugins;

/// <summary>One line of <c>plugins list</c>.</summary>
/// <param name="Name">The plugin's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Chosen">True for the version that a guest file gets when it pins none.</param>
/// <param name="DeviceId">The virtio device id; null when only the options decide it, or when the plugin is refused.</param>
/// <param name="Queues">The queues, such as "control 64 (max 1024)"; empty when <paramref name="DeviceId"/> is null.</param>
/// <param name="Contract">The contract's version that it was built against; null when it is refused.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Problem">Null when it can be used; else one line.</param>
internal sealed record PluginRow(
    string Name,
    string Version,
    bool Chosen,
    uint? DeviceId,
    IReadOnlyList<string> Queues,
    string? Contract,
    string Folder,
    string? Problem);
