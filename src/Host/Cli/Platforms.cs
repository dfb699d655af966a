using XenDmHost.Host.Config;
using XenDmHost.Host.Config.Settings;
using XenDmHost.Host.Guests;

namespace XenDmHost.Host.Cli;

/// <summary>Finds the platform that a guest file names.</summary>
internal static class Platforms
{
    /// <summary>The folder of a simulation when the guest file names none.</summary>
    internal static string DefaultSimulation(string guest) => Path.Combine(Path.GetTempPath(), $"xendmhost-{guest}");

    /// <summary>The platform, or what is wrong.</summary>
    internal static (IPlatform? Platform, ConfigError? Error) Open(GuestFile file) => file.Platform switch
    {
        GuestPlatform.Simulated => (new SimulatedPlatform(file.SimulationDirectory ?? DefaultSimulation(file.Guest)), null),
        _ => (new XenPlatform(file.Banks), null),
    };
}
