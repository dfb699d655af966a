using XenDmHost.IntegrationTests.Plugins;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>The programs under test, where the build has put them.</summary>
internal static class Programs
{
    internal static string HostFolder { get; } = FolderOf("XenDmHost.Host");

    internal static string SimulationFolder { get; } = FolderOf("XenDmHost.Simulation");

    internal static string Host { get; } = Path.Combine(HostFolder, "xendmhost");

    internal static string Simulation { get; } = Path.Combine(SimulationFolder, "xendmhost-sim");

    internal const string StorageDaemon = "qemu-storage-daemon";

    private static string FolderOf(string project) =>
        Checkout.PathOf("artifacts", "bin", project, Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));
}
