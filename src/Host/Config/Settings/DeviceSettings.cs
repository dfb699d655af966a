using Microsoft.Extensions.Configuration;

namespace XenDmHost.Host.Config.Settings;

/// <summary>One entry of <c>"devices"</c>.</summary>
internal sealed record DeviceSettings
{
    public string Plugin { get; init; } = "";

    /// <summary>The plugin's version; null for the newest.</summary>
    public string? Version { get; init; }

    /// <summary>The index of the device's node in xenstore, unique in the guest.</summary>
    public int Id { get; init; }

    public BackEndSettings BackEnd { get; init; } = new();

    public QueueSettings Queues { get; init; } = new();

    public TransportSettings Transport { get; init; } = new();

    /// <summary>Quirks that are switched on or off against the plugin's default, by id.</summary>
    public IReadOnlyDictionary<string, bool> Quirks { get; init; } = new Dictionary<string, bool>();

    /// <summary>The plugin's own keys; null when there are none.</summary>
    public IConfigurationSection? Options { get; init; }
}
