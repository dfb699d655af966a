using Microsoft.Extensions.Logging;

namespace XenDmHost.Host.Plugins;

/// <summary>What the plugins' side of the host logs.</summary>
internal static partial class PluginLog
{
    [LoggerMessage(1, LogLevel.Debug, "Loaded plugin {Plugin} {Version} from {Folder}")]
    internal static partial void Loaded(ILogger logger, string plugin, string version, string folder);

    [LoggerMessage(2, LogLevel.Warning, "Plugin folder {Folder}: {Finding}")]
    internal static partial void Finding(ILogger logger, string folder, string finding);

    [LoggerMessage(3, LogLevel.Warning, "Plugin {Refusal} ({Folder})")]
    internal static partial void Refused(ILogger logger, string refusal, string folder);
}
