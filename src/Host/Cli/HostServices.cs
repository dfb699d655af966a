using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serilog;
using XenDmHost.Host.Config.Settings;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Observe;
using XenDmHost.Host.Plugins;

namespace XenDmHost.Host.Cli;

/// <summary>Builds the host: what the commands work with.</summary>
internal static class HostServices
{
    internal static ServiceProvider Build(HostSettings settings) => new ServiceCollection()
        .AddLogging(logging => logging
            .ClearProviders()
            .SetMinimumLevel(LogLevel.Trace)
            .AddSerilog(LogSetup.Create(settings.Log), dispose: true))
        .AddSingleton(settings)
        .AddSingleton(LimitsOf(settings.Limits))
        .AddSingleton(_ => new DaemonLauncher())
        .AddSingleton(services => new GuestServices(
            services.GetRequiredService<DeviceLimits>(),
            services.GetRequiredService<DaemonLauncher>(),
            services.GetRequiredService<ILoggerFactory>())
        { StateFolder = settings.RuntimeFolder })
        .AddSingleton(services => new GuestPlanner(
            services.GetRequiredService<PluginRegistry>(), services.GetRequiredService<ILoggerFactory>()))
        .AddPlugins(settings.PluginFolders)
        .BuildServiceProvider();

    private static DeviceLimits LimitsOf(LimitSettings limits) =>
        new(limits.HoldMs, limits.ReplyMs, limits.MemTableMs, limits.ConnectBackoffMaxMs, limits.StopDaemonMs) { XenbusWaitMs = limits.XenbusWaitMs };
}
