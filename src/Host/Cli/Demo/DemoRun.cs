using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using XenDmHost.Host.Config.Settings;
using XenDmHost.Host.Guests;

namespace XenDmHost.Host.Cli.Demo;

/// <summary>Serves a guest file to a simulated guest and collects what the guest reports.</summary>
internal sealed class DemoRun(GuestPlan plan, DemoFolder folder, string program, GuestServices services)
{
    private readonly ILogger _log = services.Logs.CreateLogger("simulation");

    /// <summary>How long the guest waits for its devices.</summary>
    internal required int WaitSeconds { get; init; }

    /// <summary>Runs the guest to its end.</summary>
    /// <returns>One result per device, in the file's order.</returns>
    internal List<DemoResult> Run(CancellationToken stopping)
    {
        List<DemoResult> results = [.. plan.Devices.Select(device => new DemoResult(device))];
        using Process guest = StartGuest();
        using CancellationTokenRegistration end = stopping.Register(guest.Kill);
        using (GuestRunner runner = new(plan, services, new SimulatedPlatform(folder.Simulation)))
        {
            runner.Start(stopping);
            using StreamWriter report = File.CreateText(folder.Report);
            while (guest.StandardOutput.ReadLine() is { } line)
            {
                report.WriteLine(line);
                Take(line, results);
            }
        }

        guest.WaitForExit();
        return results;
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

    /// <summary>Whether a guest file can be served to a simulated guest.</summary>
    internal static bool IsPossible(GuestPlan plan) => plan.File.Platform == GuestPlatform.Simulated;
}
