using System.Text.Json.Nodes;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>A simulated guest in a process of its own, and what it reports.</summary>
internal sealed class Simulation
{
    private readonly Dictionary<(int Id, int Run), JsonObject> _reports = [];

    /// <param name="trial">Where it lives; its sockets are in a folder of its name.</param>
    /// <param name="arguments">More than the folder, the name and the number of devices.</param>
    /// <param name="name">The guest's name, and its folder's.</param>
    /// <param name="devices">How many devices it has.</param>
    internal Simulation(Trial trial, string[]? arguments = null, string name = "trial", int devices = 1) => Process = trial.Start(
        name, Programs.Simulation,
        ["guest", "--directory", trial.PathOf(name), "--name", name, "--devices", $"{devices}", .. arguments ?? []]);

    internal ProgramProcess Process { get; }

    /// <summary>What the guest reports of one device; waits for it.</summary>
    internal JsonObject Report(int id = 0, int run = 1)
    {
        JsonObject? found;
        while (!_reports.TryGetValue((id, run), out found))
        {
            JsonObject report = JsonNode.Parse(Process.Output.Expect("\"run\":"))!.AsObject();
            _reports[(report["id"]!.GetValue<int>(), report["run"]!.GetValue<int>())] = report;
        }

        return found;
    }

    /// <summary>What the guest found out of a device that did all that it should; waits for it.</summary>
    internal JsonObject Facts(int id = 0, int run = 1)
    {
        JsonObject report = Report(id, run);
        Assert.True(report["ok"]!.GetValue<bool>(), report.ToJsonString());
        return report["facts"]!.AsObject();
    }

    /// <summary>Waits for the guest's own end, which must be a good one.</summary>
    internal JsonObject Finish()
    {
        int exitCode = Process.WaitForExit();
        JsonObject last = JsonNode.Parse(Process.Output.All[^1])!.AsObject();
        Assert.True(exitCode == 0, $"exit code {exitCode}: {last.ToJsonString()}\n{Process.Errors.Text}");
        return last;
    }
}
