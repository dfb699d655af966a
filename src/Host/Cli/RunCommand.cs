using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using XenDmHost.Host.Config;
using XenDmHost.Host.Config.Settings;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Observe.Control;

namespace XenDmHost.Host.Cli;

/// <summary><c>run FILE|FOLDER...</c>: serves guests until it is told to stop.</summary>
internal static class RunCommand
{
    internal static Command Create(CommonOptions common)
    {
        Argument<string[]> files = HostCommand.GuestFiles();
        Command command = new("run", "Serve the guests of these files until SIGTERM or Ctrl-C; waits for a guest that is not there yet") { files };
        command.SetAction(line => HostCommand.Run(line, common, services => Run(services, line.GetValue(files)!), quiet: false));
        return command;
    }

    private static int Run(ServiceProvider services, string[] paths)
    {
        (List<GuestPlan> plans, List<ConfigError> errors) = HostCommand.Plan(services.GetRequiredService<GuestPlanner>(), paths);
        List<GuestRunner> runners = [];
        foreach (GuestPlan plan in plans)
        {
            (IPlatform? platform, ConfigError? error) = Platforms.Open(plan.File);
            if (platform is null)
            {
                errors.Add(error!);
            }
            else
            {
                runners.Add(new GuestRunner(plan, services.GetRequiredService<GuestServices>(), platform));
            }
        }

        return errors.Count > 0 ? HostCommand.Report(errors) : ServeWithControl(services, plans, runners);
    }

    /// <summary>Serves, and answers commands about each guest on a socket of its own.</summary>
    private static int ServeWithControl(ServiceProvider services, List<GuestPlan> plans, List<GuestRunner> runners)
    {
        string folder = services.GetRequiredService<HostSettings>().RuntimeFolder;
        ILogger log = services.GetRequiredService<ILogger<ControlServer>>();
        List<ControlServer?> servers = [.. plans.Zip(runners, (plan, runner) => ControlServer.TryStart(
            ControlSocketPath.Of(folder, plan.File.Guest),
            new Dictionary<string, Func<JsonObject, JsonObject>>
            {
                [GuestPictures.Command] = new GuestPictures(plan).Answer,
                [GuestStatus.Command] = new GuestStatus(runner).Answer,
            },
            log))];
        try
        {
            return Serve(services, runners);
        }
        finally
        {
            servers.ForEach(server => server?.Dispose());
        }
    }

    /// <summary>What goes wrong with one guest's platform keeps no other guest from being served.</summary>
    private static void Start(ServiceProvider services, GuestRunner runner, CancellationToken stopping)
    {
        try
        {
            runner.Start(stopping);
        }
        catch (Exception fault)
        {
            services.GetRequiredService<ILogger<GuestRunner>>().LogError(fault, "a guest cannot be served: {Message}", fault.Message);
        }
    }

    /// <summary>Whatever a start waits for is told to end; the longest is a request to xenstore.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private static int Serve(ServiceProvider services, List<GuestRunner> runners)
    {
        using StopSignal stop = new();
        List<Thread> starts = [.. runners.Select(runner => new Thread(() => Start(services, runner, stop.Token)) { IsBackground = true })];
        starts.ForEach(start => start.Start());
        stop.Token.WaitHandle.WaitOne();
        services.GetRequiredService<ILogger<GuestRunner>>().LogInformation("stopping");
        if (starts.Exists(start => !start.Join(StartLimit)))
        {
            services.GetRequiredService<ILogger<GuestRunner>>().LogCritical(
                "a guest's start has not ended within {Seconds} s of the stop; please report this", StartLimit.TotalSeconds);
        }

        Parallel.ForEach(runners, runner => runner.Dispose());
        return ExitCode.Ok;
    }
}
