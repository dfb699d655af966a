using XenDmHost.Host.Config.Settings;

namespace XenDmHost.Host.Config;

/// <summary>A guest file that passed all checks that need no plugin.</summary>
internal sealed record GuestFile
{
    /// <summary>The file as the user named it.</summary>
    internal required string Path { get; init; }

    /// <summary>The absolute folder of the file; relative paths in it start there.</summary>
    internal required string Directory { get; init; }

    /// <summary>The guest: a name, a uuid or a domid.</summary>
    internal required string Guest { get; init; }

    internal required GuestPlatform Platform { get; init; }

    /// <summary>The absolute folder of a running simulation; null when none is named.</summary>
    internal required string? SimulationDirectory { get; init; }

    /// <summary>Where the guest has RAM; null for where Xen's toolstack puts it.</summary>
    internal IReadOnlyList<GuestBank>? Banks { get; init; }

    /// <summary>Whether the host makes xenstore nodes for devices that have none; null leaves it to the platform.</summary>
    internal bool? Attach { get; init; }

    /// <summary>The devices in the order of the file, at least one.</summary>
    internal required IReadOnlyList<DeviceEntry> Devices { get; init; }
}
