using System.CommandLine;
using Microsoft.Extensions.Logging;
using XenDmHost.Host.Config;
using XenDmHost.Host.Config.Settings;

namespace XenDmHost.Host.Cli;

/// <summary>The options that every command takes.</summary>
internal sealed class CommonOptions
{
    private readonly Option<string?> _hostConfig = new("--host-config") { Description = "The host's own settings (default: /etc/xendmhost/host.json, if it is there)", HelpName = "FILE", Recursive = true };
    private readonly Option<string[]> _plugins = new("--plugins") { Description = "A folder with plugins, instead of those of the host's settings; may be repeated", HelpName = "FOLDER", Recursive = true };
    private readonly Option<string?> _runtime = new("--runtime") { Description = "The folder of the control sockets, instead of that of the host's settings (/run/xendmhost)", HelpName = "FOLDER", Recursive = true };
    private readonly Option<LogLevel?> _level = new("--log-level") { Description = "The least level that is logged", Recursive = true };
    private readonly Option<LogFormat?> _format = new("--log-format") { Description = "Text, or one JSON object a line", Recursive = true };

    internal void AddTo(Command command)
    {
        command.Options.Add(_hostConfig);
        command.Options.Add(_plugins);
        command.Options.Add(_runtime);
        command.Options.Add(_level);
        command.Options.Add(_format);
    }

    /// <summary>The host's settings: the file's, with what the command line says instead.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="quiet">Whether the command's own output is what matters: then only warnings are logged, unless told otherwise.</param>
    internal (HostSettings? Settings, IReadOnlyList<ConfigError> Errors) Read(ParseResult line, bool quiet)
    {
        (HostSettings? settings, IReadOnlyList<ConfigError> errors) = HostFileReader.Read(line.GetValue(_hostConfig));
        if (settings is null)
        {
            return (null, errors);
        }

        string[] folders = line.GetValue(_plugins) ?? [];
        LogSettings log = settings.Log with
        {
            Level = line.GetValue(_level) ?? (quiet && settings.Log.Level < LogLevel.Warning ? LogLevel.Warning : settings.Log.Level),
            Format = line.GetValue(_format) ?? settings.Log.Format,
        };
        return (settings with
        {
            Log = log,
            PluginFolders = folders.Length > 0 ? [.. folders.Select(Path.GetFullPath)] : settings.PluginFolders,
            RuntimeFolder = line.GetValue(_runtime) is { } runtime ? Path.GetFullPath(runtime) : settings.RuntimeFolder,
        }, []);
    }
}
