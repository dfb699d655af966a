using Microsoft.Extensions.Logging;
using XenDmHost.Host.Config;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Ioreq;
using XenDmHost.Host.Plugins;

namespace XenDmHost.IntegrationTests.Support;

/// <summary>The host's own code, in the test's process, with its log and counters in sight.</summary>
internal sealed class HostInProcess : IDisposable
{
    /// <summary>Short enough for tests; a machine that is busy still makes it.</summary>
    internal static readonly DeviceLimits ShortLimits = new(HoldMs: 1500, ReplyMs: 1000, MemTableMs: 1000, ConnectBackoffMaxMs: 50, StopDaemonMs: 1000);

    private static readonly Lazy<PluginRegistry> Plugins = new(() =>
        new PluginRegistry(PluginFolders.Default(), new Logger<PluginRegistry>(new HostLog())));

    private readonly DaemonLauncher _launcher = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<GuestRunner> _runners;
    private readonly List<Thread> _starts;

    internal HostInProcess(DeviceLimits limits, params IEnumerable<string> guestFiles)
    {
        GuestServices services = new(limits, _launcher, Log);
        _runners = [.. guestFiles.Select(file => RunnerFor(file, services))];
        _starts = [.. _runners.Select(runner => new Thread(() => runner.Start(_stop.Token)) { IsBackground = true })];
        _starts.ForEach(start => start.Start());
    }

    internal HostLog Log { get; } = new();

    /// <summary>What the thread that answers the guest has counted.</summary>
    internal IoreqCounters Counters => CountersOf(0);

    /// <summary>The same for one of several guests, by the place of its file.</summary>
    internal IoreqCounters CountersOf(int guest) => _runners[guest].Counters;

    public void Dispose()
    {
        _stop.Cancel();
        _starts.ForEach(start => start.Join());
        _runners.ForEach(runner => runner.Dispose());
        _stop.Dispose();
        _launcher.Dispose();
    }

    private GuestRunner RunnerFor(string guestFile, GuestServices services)
    {
        (GuestPlan? plan, IReadOnlyList<ConfigError> errors) = new GuestPlanner(Plugins.Value, Log).Plan(guestFile);
        Assert.True(plan is not null, string.Join('\n', errors));
        return new GuestRunner(plan, services, new SimulatedPlatform(plan.File.SimulationDirectory!));
    }
}
