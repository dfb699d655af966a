using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using XenDmHost.Host.Config;
using XenDmHost.Host.Guests;

namespace XenDmHost.Host.Cli;

/// <summary><c>xl-config FILE</c>: the lines for the guest's xl configuration, and how to start it.</summary>
internal static class XlConfigCommand
{
    private const string Arm = "arm64", X86 = "x86";

    internal static Command Create(CommonOptions common)
    {
        Argument<string> file = new("FILE") { Description = "A guest file" };
        Option<string> arch = new("--arch")
        {
            Description = "The guest's architecture (default: this machine's)",
            DefaultValueFactory = _ => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? Arm : X86,
        };
        arch.AcceptOnlyFromAmong(Arm, X86);
        Option<bool> grants = new("--grants") { Description = "The guest gives its memory by grants, page by page, instead of all of it (Arm)" };
        Command command = new("xl-config", "Print what a guest's xl configuration needs for the devices of a guest file") { file, arch, grants };
        command.SetAction(line => HostCommand.Run(
            line, common, services => Print(services, line.GetValue(file)!, line.GetValue(arch)!, line.GetValue(grants))));
        return command;
    }

    private static int Print(ServiceProvider services, string path, string arch, bool grants)
    {
        (GuestPlan? plan, IReadOnlyList<ConfigError> errors) = services.GetRequiredService<GuestPlanner>().Plan(path);
        if (plan is not null && arch == Arm)
        {
            errors = [.. XlConfigText.Errors(plan)];
        }

        if (plan is null || errors.Count > 0)
        {
            return HostCommand.Report(errors);
        }

        Console.Write(arch == Arm ? XlConfigText.ForArm(plan, grants) : XlConfigText.ForX86(plan));
        return ExitCode.Ok;
    }
}
