using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using XenDmHost.Host.Config;
using XenDmHost.Host.Guests;

namespace XenDmHost.Host.Cli;

/// <summary><c>attach FILE</c>: makes the xenstore nodes of a guest file's devices for guests whose toolstack makes none.</summary>
internal static class AttachCommand
{
    internal static Command Create(CommonOptions common)
    {
        Argument<string> file = new("FILE") { Description = "Guest file" };
        Option<int?> device = new("--device") { Description = "Attach this device alone, by its id" };
        Command command = new("attach", "Give the devices of a guest file to the guest over xenbus: before it starts, or while it runs") { file, device };
        command.SetAction(line => HostCommand.Run(
            line, common, services => Attach(services, line.GetValue(file)!, line.GetValue(device))));
        return command;
    }

    private static int Attach(ServiceProvider services, string path, int? deviceId)
    {
        (GuestPlan? plan, IReadOnlyList<ConfigError> errors) = services.GetRequiredService<GuestPlanner>().Plan(path);
        if (plan is null)
        {
            return HostCommand.Report(errors);
        }

        (IPlatform? platform, ConfigError? error) = Platforms.Open(plan.File);
        if (platform is null)
        {
            return HostCommand.Report([error!]);
        }

        if (deviceId is { } id && !plan.Devices.Any(device => device.Entry.Id == id))
        {
            return HostCommand.Report([new ConfigError(path, 1, "$.devices", $"there is no device with id {id}; use one of {string.Join(", ", plan.Devices.Select(device => device.Entry.Id))}")]);
        }

        return Attachment.Attach(plan, platform, deviceId, Say) ? ExitCode.Ok : ExitCode.Failed;
    }

    /// <summary>Good news to standard output, the rest to standard error.</summary>
    internal static void Say(bool good, string text) => (good ? Console.Out : Console.Error).WriteLine(text);
}
