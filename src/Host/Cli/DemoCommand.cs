using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using XenDmHost.Host.Cli.Demo;
using XenDmHost.Host.Config;
using XenDmHost.Host.Guests;

namespace XenDmHost.Host.Cli;

/// <summary><c>demo</c>: the whole path, from a guest file to a guest that uses its devices, without Xen and without root.</summary>
internal static class DemoCommand
{
    internal static Command Create(CommonOptions common)
    {
        Option<string?> file = new("--file") { Description = "Serve this guest file (platform simulated) instead of the demo's own", HelpName = "FILE" };
        Option<bool> json = new("--json") { Description = "One JSON object per device instead of one line" };
        Option<int> wait = new("--wait") { Description = "How many seconds the guest waits for its devices before it starts without them", HelpName = "SECONDS", DefaultValueFactory = _ => 30 };
        wait.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 3600)
            {
                result.AddError("--wait is 1 to 3600 seconds");
            }
        });
        Option<string?> keep = new("--keep") { Description = "Use this folder for the demo's files, and leave them there", HelpName = "FOLDER" };
        Command command = new("demo", "Serve a simulated guest end to end and say what it saw; exit code 0 only if all of it held") { file, json, keep, wait };
        command.SetAction(line => HostCommand.Run(
            line, common, services => Run(services, line.GetValue(file), line.GetValue(keep), line.GetValue(wait), line.GetValue(json))));
        return command;
    }

    private static int Run(ServiceProvider services, string? file, string? keep, int waitSeconds, bool json)
    {
        // A .NET program that is killed leaves its debugger's pipes in the folder for temporary files; ours may be.
        Environment.SetEnvironmentVariable("DOTNET_EnableDiagnostics", "0");
        string? program = SimulationProgram.Find(AppContext.BaseDirectory);
        if (program is null)
        {
            Console.Error.WriteLine("xendmhost-sim: not found beside the host: build the solution, or install the simulation");
            return ExitCode.Failed;
        }

        using StopSignal stop = new();
        using DemoFolder folder = new(keep);
        DemoPreparation preparation = file is null ? DemoPreparation.Make(program, folder) : DemoPreparation.None;
        (List<GuestPlan> plans, List<ConfigError> errors) = HostCommand.Plan(services.GetRequiredService<GuestPlanner>(), [file ?? folder.GuestFile]);
        if (errors.Count == 0 && plans.Select(DemoRun.FindObstacle).FirstOrDefault() is { } obstacle)
        {
            errors.Add(obstacle);
        }

        if (errors.Count > 0)
        {
            return HostCommand.Report(errors);
        }

        GuestServices guestServices = services.GetRequiredService<GuestServices>() with { StateFolder = folder.State };
        List<DemoResult> results = new DemoRun(plans[0], folder, program, guestServices) { WaitSeconds = waitSeconds }.Run(stop.Token);
        DemoPictures.Save(plans[0], folder.Root);
        preparation.Complete(results);
        results.ForEach(result => Console.WriteLine(json ? result.ToJson().ToJsonString() : result.ToText()));
        return results.TrueForAll(result => result.Good) ? ExitCode.Ok : ExitCode.Failed;
    }
}
