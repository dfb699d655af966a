using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using XenDmHost.Host.Config;
using XenDmHost.Host.Config.Settings;
using XenDmHost.Host.Guests;

namespace XenDmHost.Host.Cli;

/// <summary><c>check FILE</c>: says what is wrong with guest files, or what they would do and what their back-ends offer.</summary>
internal static class CheckCommand
{
    internal static Command Create(CommonOptions common)
    {
        Argument<string[]> files = HostCommand.GuestFiles();
        Option<bool> offline = new("--offline") { Description = "Do not ask the back-ends that are running" };
        Command command = new("check", "Validate guest files down to what their back-ends offer; nothing is started or changed") { files, offline };
        command.SetAction(line => HostCommand.Run(
            line, common, services => Check(services, line.GetValue(files)!, line.GetValue(offline))));
        return command;
    }

    private static int Check(ServiceProvider services, string[] paths, bool offline)
    {
        (List<GuestPlan> plans, List<ConfigError> errors) = HostCommand.Plan(services.GetRequiredService<GuestPlanner>(), paths);
        if (errors.Count > 0)
        {
            return HostCommand.Report(errors);
        }

        bool good = !plans.Exists(plan => plan.File.Platform == GuestPlatform.Xen) || MachineReport.Print(Console.Out);
        foreach (GuestPlan plan in plans)
        {
            Console.WriteLine($"{plan.File.Path}: guest {plan.File.Guest}, platform {plan.File.Platform.ToString().ToLowerInvariant()}, {plan.Devices.Count} device(s)");
            foreach (PlannedDevice device in plan.Devices)
            {
                good &= Describe(device, services.GetRequiredService<DeviceLimits>(), offline);
            }
        }

        return good ? ExitCode.Ok : ExitCode.Failed;
    }

    private static bool Describe(PlannedDevice device, DeviceLimits limits, bool offline)
    {
        DevicePlan plan = device.For(0);
        string queues = string.Join(", ", plan.Model.Queues.Select((queue, i) => $"{queue.Name} {plan.QueueSizes[i]}"));
        Console.WriteLine($"  {plan.Id} {plan.Model.Identity.Name} (virtio {plan.Model.Identity.VirtioId}, plugin {plan.PluginLabel}): queues {queues}");
        BackEndCheck check = offline ? BackEndCheck.NotAsked(plan) : BackEndCheck.Ask(plan, limits);
        Console.WriteLine($"    back-end {plan.BackEnd.Socket}: {check.Text}");
        return check.Good;
    }
}
