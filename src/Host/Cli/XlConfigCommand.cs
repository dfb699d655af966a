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
        Option<string?> driverDomain = new("--driver-domain") { Description = "The name of the domain that the host runs in, where that is not dom0 (Arm)" };
        driverDomain.Validators.Add(name =>
        {
            if (name.GetValueOrDefault<string?>() is not { Length: > 0 } text || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            {
                name.AddError("--driver-domain: not the name of a domain: letters, digits, '-', '_' and '.'");
            }
        });
        Command command = new("xl-config", "Print what a guest's xl configuration needs for the devices of a guest file") { file, arch, grants, driverDomain };
        command.SetAction(line => HostCommand.Run(
            line, common, services => Print(services, line.GetValue(file)!, line.GetValue(arch)!, line.GetValue(grants), line.GetValue(driverDomain))));
        return command;
    }

    private static int Print(ServiceProvider services, string path, string arch, bool grants, string? driverDomain)
    {
        if (driverDomain is not null && arch != Arm)
        {
            Console.Error.WriteLine("--driver-domain: on Arm alone, where xl makes the devices' nodes; on x86 the host makes them, which a driver domain may not: run it in dom0");
            return ExitCode.BadConfiguration;
        }

        (GuestPlan? plan, IReadOnlyList<ConfigError> errors) = services.GetRequiredService<GuestPlanner>().Plan(path);
        if (plan is not null && arch == Arm)
        {
            errors = [.. XlConfigText.Errors(plan)];
        }

        if (plan is null || errors.Count > 0)
        {
            return HostCommand.Report(errors);
        }

        Console.Write(arch == Arm ? XlConfigText.ForArm(plan, grants, driverDomain) : XlConfigText.ForX86(plan));
        return ExitCode.Ok;
    }
}
