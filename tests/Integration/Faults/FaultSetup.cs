using XenDmHost.Host.Guests;
using XenDmHost.IntegrationTests.Support;

namespace XenDmHost.IntegrationTests.Faults;

/// <summary>What is special in a test about a disk that misbehaves.</summary>
internal sealed record FaultSetup
{
    /// <summary>The disk's arguments; null for no disk at all.</summary>
    internal IReadOnlyList<string>? DiskArguments { get; init; }

    /// <summary>The command with which the host starts the disk's daemon; empty for none.</summary>
    internal IReadOnlyList<string> DiskLaunch { get; init; } = [];

    /// <summary>By default the guest drives its devices, again after each reset, until it is told to end; null for one driven by hand.</summary>
    internal IReadOnlyList<string>? GuestArguments { get; init; } = ["--wait"];

    /// <summary>The guest driven by hand finds its devices on xenbus, where the host attaches them.</summary>
    internal bool Xenbus { get; init; }

    internal DeviceLimits Limits { get; init; } = HostInProcess.ShortLimits;

    internal int WaitForBackEndMs { get; init; }

    internal static FaultSetup WithFaults(params string[] faults) =>
        new() { DiskArguments = [.. faults.SelectMany(fault => (string[])["--fault", fault])] };
}
