using Microsoft.Extensions.Logging;
using XenDmHost.Abstractions;
using XenDmHost.Host.Config;
using XenDmHost.Host.Config.Schema;
using XenDmHost.Host.Plugins;

namespace XenDmHost.Host.Guests;

/// <summary>Brings a guest file and the installed plugins together; whatever does not fit is an error with its place.</summary>
/// <param name="plugins">The installed plugins.</param>
/// <param name="logs">Makes the loggers that plugins get.</param>
internal sealed class GuestPlanner(PluginRegistry plugins, ILoggerFactory logs)
{
    /// <summary>Reads and plans a guest file.</summary>
    /// <returns>The plan and no errors, or no plan and at least one error, in the order of their lines.</returns>
    internal (GuestPlan? Plan, IReadOnlyList<ConfigError> Errors) Plan(string path)
    {
        (GuestFile? file, IReadOnlyList<ConfigError> errors) = GuestFileReader.Read(path);
        if (file is null)
        {
            return (null, errors);
        }

        List<ConfigError> found = [];
        List<PlannedDevice> devices = [];
        foreach (DeviceEntry entry in file.Devices)
        {
            if (TryPlan(file, entry, found) is { } device)
            {
                devices.Add(device);
            }
        }

        return found.Count == 0
            ? (new GuestPlan(file, devices), [])
            : (null, [.. found.OrderBy(error => error.Line)]);
    }

    private PlannedDevice? TryPlan(GuestFile file, DeviceEntry entry, List<ConfigError> errors)
    {
        int before = errors.Count;
        try
        {
            PluginHandle plugin = plugins.Open(entry.Plugin, entry.Version);
            errors.AddRange(OptionsSchemaChecker.Check(entry, plugin.OptionsSchema));
            if (errors.Count > before)
            {
                return null;
            }

            DeviceDescription model = plugin.CreateModel(ContextFor(file, entry, plugin));
            DeviceCheckResult result = DeviceChecks.Check(entry, model);
            errors.AddRange(result.Errors);
            return new PlannedDevice(entry, $"{plugin.Name} {plugin.Version}", model, result.QueueSizes) { SideChannel = model.SideChannel, Pictures = model.Pictures };
        }
        catch (DeviceConfigException wrong)
        {
            errors.Add(entry.OptionError(wrong.Path, wrong.Message));
        }
        catch (PluginException wrong)
        {
            errors.Add(entry.ErrorAt("plugin", wrong.Message));
        }

        return null;
    }

    private DeviceContext ContextFor(GuestFile file, DeviceEntry entry, PluginHandle plugin) => new()
    {
        Guest = file.Guest,
        DeviceId = entry.Id,
        Options = entry.Options,
        Quirks = entry.Settings.Quirks,
        PluginDirectory = plugin.Directory,
        GuestFileDirectory = file.Directory,
        Logger = logs.CreateLogger($"{file.Guest}/{entry.Id} {entry.Plugin}"),
    };
}
