using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Plugins;

namespace XenDmHost.Host.Cli;

/// <summary><c>schema</c>: the JSON Schema of guest files with the installed plugins' options, for editors.</summary>
internal static class SchemaCommand
{
    internal static Command Create(CommonOptions common)
    {
        Command command = new("schema", "The JSON Schema of guest files, with the options of the installed plugins");
        command.SetAction(line => HostCommand.Run(line, common, Print));
        return command;
    }

    private static int Print(ServiceProvider services)
    {
        try
        {
            Console.Write(GuestFileSchema.Of(services.GetRequiredService<PluginRegistry>()));
            return ExitCode.Ok;
        }
        catch (PluginException refused)
        {
            Console.Error.WriteLine(refused.Message);
            return ExitCode.Failed;
        }
    }
}
