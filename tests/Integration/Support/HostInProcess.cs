using Microsoft.Extensions.Logging;
using XenDmHost.Host.Config;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Ioreq;
using XenDmHost.Host.Plugins;

namespace XenDmHost.IntegrationTests.Support;

/// <summary>The host's own code for one guest file, in the test's process, with its log and counters in sight.</summary>
internal sealed class HostInProcess : IDisposable
{
    /// <summary>Short enough for tests; a machine that is busy still makes it.</summary>
    internal static readonly DeviceLimits ShortLimits = new(HoldMs: 1500, ReplyMs: 1000, MemTableMs: 1000, ConnectBackoffMaxMs: 50, StopDaemonMs: 1000);

    private static readonly Lazy<PluginRegistry> Plugins = new(() =>
        new PluginRegistry(PluginFolders.Default(), new Logger<PluginRegistry>(new HostLog())));

    private readonly DaemonLauncher _launcher = new();
    private readonly GuestRunner _runner;

    internal HostInProcess(string guestFile, DeviceLimits? limits = null)
    {
        (GuestPlan? plan, IReadOnlyList<ConfigError> errors) = new GuestPlanner(Plugins.Value, Log).Plan(guestFile);
        Assert.True(plan is not null, string.Join('\n', errors));
        _runner = new GuestRunner(
            plan, new GuestServices(limits ?? ShortLimits, _launcher, Log), new SimulatedPlatform(plan.File.SimulationDirectory!));
        _runner.Start(CancellationToken.None);
    }

    internal HostLog Log { get; } = new();

    /// <summary>What the thread that answers the guest has counted.</summary>
    internal IoreqCounters Counters => _runner.Counters;

    public void Dispose()
    {
        _runner.Dispose();
        _launcher.Dispose();
    }
}
