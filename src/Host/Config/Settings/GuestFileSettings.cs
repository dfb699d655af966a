namespace XenDmHost.Host.Config.Settings;

/// <summary>A guest file as it is bound; docs/guest-file.md explains the keys.</summary>
internal sealed record GuestFileSettings
{
    public string Guest { get; init; } = "";

    public GuestPlatform Platform { get; init; } = GuestPlatform.Xen;

    public string? Simulation { get; init; }

    public MemorySettings? Memory { get; init; }

    /// <summary>Whether the host makes xenstore nodes for devices that have none; null leaves it to the platform.</summary>
    public bool? Attach { get; init; }

    public IReadOnlyList<DeviceSettings> Devices { get; init; } = [];
}
