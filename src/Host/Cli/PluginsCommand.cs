using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using XenDmHost.Host.Plugins;

namespace XenDmHost.Host.Cli;

/// <summary><c>plugins list</c>: what is installed and can be used.</summary>
internal static class PluginsCommand
{
    internal static Command Create(CommonOptions common)
    {
        Option<bool> json = new("--json") { Description = "A JSON array instead of a table" };
        Command list = new("list", "The plugins that are installed: devices, queues, contract, state") { json };
        list.SetAction(line => HostCommand.Run(line, common, services => List(services, line.GetValue(json))));
        return new Command("plugins", "What is known about the installed plugins") { list };
    }

    private static int List(ServiceProvider services, bool json)
    {
        IReadOnlyList<PluginRow> rows = PluginTable.Rows(services.GetRequiredService<PluginRegistry>());
        Console.Write(json ? PluginTable.ToJson(rows) + "\n" : PluginTable.ToText(rows));
        return ExitCode.Ok;
    }
}
