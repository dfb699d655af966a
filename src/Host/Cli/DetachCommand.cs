using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using XenDmHost.Host.Config;
using XenDmHost.Host.Guests;

namespace XenDmHost.Host.Cli;

/// <summary><c>detach GUEST|FILE --device ID</c>: takes a device that was attached away from a guest.</summary>
internal static class DetachCommand
{
    private const double DefaultSeconds = 10;

    internal static Command Create(CommonOptions common)
    {
        Argument<string> guest = new("GUEST|FILE") { Description = "The guest's name, uuid or domid, or its guest file" };
        Option<int> device = new("--device") { Description = "The device's id", Required = true };
        Option<double> timeout = new("--timeout")
        {
            Description = "Seconds that the guest's driver and the host may take to let go; the nodes are removed then in any case",
            DefaultValueFactory = _ => DefaultSeconds,
        };
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 3600))
            {
                result.AddError("--timeout must be 0 to 3600 seconds");
            }
        });
        Command command = new("detach", "Take a device away from a guest: both ends let go of it, then its xenstore nodes are removed") { guest, device, timeout };
        command.SetAction(line => HostCommand.Run(
            line, common, services => Detach(services, line.GetValue(guest)!, line.GetValue(device), TimeSpan.FromSeconds(line.GetValue(timeout)))));
        return command;
    }

    private static int Detach(ServiceProvider services, string guestOrFile, int deviceId, TimeSpan limit)
    {
        if (!File.Exists(guestOrFile))
        {
            using StoreSession here = StoreSession.OpenHere();
            return Detach(here, guestOrFile, deviceId, limit);
        }

        (GuestPlan? plan, IReadOnlyList<ConfigError> errors) = services.GetRequiredService<GuestPlanner>().Plan(guestOrFile);
        if (plan is null)
        {
            return HostCommand.Report(errors);
        }

        (IPlatform? platform, ConfigError? error) = Platforms.Open(plan.File);
        if (platform is null)
        {
            return HostCommand.Report([error!]);
        }

        using StoreSession session = StoreSession.Open(platform);
        return Detach(session, plan.File.Guest, deviceId, limit);
    }

    private static int Detach(StoreSession session, string guest, int deviceId, TimeSpan limit) =>
        Attachment.Detach(session, guest, deviceId, limit, AttachCommand.Say) ? ExitCode.Ok : ExitCode.Failed;
}
