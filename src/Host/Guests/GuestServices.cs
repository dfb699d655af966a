using Microsoft.Extensions.Logging;

namespace XenDmHost.Host.Guests;

/// <summary>What the sessions of a host share.</summary>
/// <param name="Limits">How long things may take.</param>
/// <param name="Launcher">Starts back-end daemons.</param>
/// <param name="Logs">Makes loggers.</param>
internal sealed record GuestServices(DeviceLimits Limits, DaemonLauncher Launcher, ILoggerFactory Logs)
{
    /// <summary>Where the state of devices outlives this process; null for nowhere.</summary>
    internal string? StateFolder { get; init; }
}
