using Microsoft.Extensions.Logging;

namespace XenDmHost.Host.Config.Settings;

/// <summary>What is logged and how.</summary>
internal sealed record LogSettings
{
    public LogLevel Level { get; init; } = LogLevel.Information;

    public LogFormat Format { get; init; } = LogFormat.Text;
}
