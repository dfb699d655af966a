using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using XenDmHost.Host.Config;
using XenDmHost.Host.Config.Settings;
using XenDmHost.Host.Guests;

namespace XenDmHost.Host.Cli.Demo;

/// <summary>Serves a guest file to a simulated guest and collects what the guest reports.</summary>
internal sealed class DemoRun(GuestPlan plan, DemoFolder folder, string program, GuestServices services)
{
    /// <summary>A simulated guest has as many places for devices as libxl gives an Arm guest: 11.</summary>
    private const int MaxDeviceId = 10;

    private readonly ILogger _log = services.Logs.CreateLogger("simulation");

    /// <summary>How long the guest waits for its devices.</summary>
    internal required int WaitSeconds { get; init; }

    /// <summary>Runs the guest to its end.</summary>
    /// <returns>One result per device, in the file's order.</returns>
    internal List<DemoResult> Run(CancellationToken stopping)
    {
        List<DemoResult> results = [.. plan.Devices.Select(device => new DemoResult(device))];
        using Process guest = StartGuest();
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        guest.EnableRaisingEvents = true;
        guest.Exited += (_, _) => CancelOnce(over);
        using CancellationTokenRegistration end = stopping.Register(guest.Kill);
        try
        {
            Serve(guest, results, over.Token);
            guest.WaitForExit();
            return results;
        }
        finally
        {
            guest.Kill();
        }
    }

    /// <summary>The guest's end may be told when everything here is over already.</summary>
    private static void CancelOnce(CancellationTokenSource over)
    {
        try
        {
            over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }

    private void Serve(Process guest, List<DemoResult> results, CancellationToken over)
    {
        using (GuestRunner runner = new(plan, services, new SimulatedPlatform(folder.Simulation)))
        {
            runner.Start(over);
            using StreamWriter report = File.CreateText(folder.Report);
            while (guest.StandardOutput.ReadLine() is { } line)
            {
                report.WriteLine(line);
                Take(line, results);
            }
        }
    }

    private Process StartGuest()
    {
        int devices = plan.Devices.Max(device => device.Entry.Id) + 1;
        return SimulationProgram.Start(
            program, line => _log.LogDebug("{Line}", line),
            "guest", "--directory", folder.Simulation, "--name", plan.File.Guest, "--devices", $"{devices}",
            "--boot-timeout", $"{WaitSeconds}", "--report", "-");
    }

    private static void Take(string line, List<DemoResult> results)
    {
        try
        {
            if (JsonNode.Parse(line) is JsonObject report && report["id"]?.GetValue<int>() is { } id
                && results.Find(result => result.Id == id) is { } result)
            {
                result.Report = report;
            }
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"the simulation's report is not JSON: {line}", malformed);
        }
    }

    /// <summary>What keeps a guest file from being served to a simulated guest, or null.</summary>
    internal static ConfigError? FindObstacle(GuestPlan plan)
    {
        if (plan.File.Platform != GuestPlatform.Simulated)
        {
            return new ConfigError(plan.File.Path, 1, "$.platform", "the demo serves simulated guests; write \"simulated\"");
        }

        return plan.Devices.FirstOrDefault(device => device.Entry.Id > MaxDeviceId)?.Entry
            .ErrorAt("id", $"a simulated guest has the devices 0 to {MaxDeviceId}");
    }
}
