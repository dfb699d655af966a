using System.Diagnostics;
using System.Text.Json.Nodes;

namespace XenDmHost.IntegrationTests.Support;

/// <summary>The simulation as a process: hypervisor, xenstore and a guest that reports what it saw.</summary>
internal sealed class SimulatedGuest : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Happenings<string> _progress = new("the simulation's progress");
    private readonly Happenings<JsonNode> _report = new("the guest's report");

    /// <param name="directory">Where its sockets appear.</param>
    /// <param name="name">The guest's name.</param>
    /// <param name="arguments">More arguments of `xendmhost-sim guest`.</param>
    internal SimulatedGuest(string directory, string name, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        string program = Path.Combine(AppContext.BaseDirectory, "xendmhost-sim.dll");
        foreach (string argument in (string[])[program, "guest", "--directory", directory, "--name", name, "--access-timeout", "15", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => _progress.Add(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal int ExitCode => _process.ExitCode;

    /// <summary>Waits until the guest has driven a device and it went well.</summary>
    internal JsonNode WaitUntilGood(int device) => _report.WaitFor(
        $"\"ok\" of device {device}", line => IsOf(line, device) && line["ok"]!.GetValue<bool>());

    /// <summary>Waits for the report of one run of a device.</summary>
    internal JsonNode WaitForRun(int device, int run) => _report.WaitFor(
        $"run {run} of device {device}", line => IsOf(line, device) && line["run"]!.GetValue<int>() == run);

    /// <summary>Every report of a device so far.</summary>
    internal IEnumerable<JsonNode> RunsOf(int device) => _report.All.Where(line => IsOf(line, device));

    internal void WaitForProgress(string part) =>
        _progress.WaitFor($"'{part}'", line => line.Contains(part, StringComparison.Ordinal));

    /// <summary>Waits for the end; a guest that was to wait is told to end.</summary>
    /// <returns>The last line of the report, which is about the whole guest.</returns>
    internal JsonNode End()
    {
        _process.StandardInput.Close();
        return WaitForEnd();
    }

    /// <summary>Waits for the end of a guest that ends by itself.</summary>
    internal JsonNode WaitForEnd(TimeSpan? limit = null)
    {
        JsonNode last = _report.WaitFor("the last line", line => line["guest"] is not null, limit);
        Assert.True(_process.WaitForExit(Limit), "the simulation does not end");
        return last;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit(Limit);
        _process.Dispose();
    }

    private static bool IsOf(JsonNode line, int device) => line["id"]?.GetValue<int>() == device;

    private void Keep(string? line)
    {
        if (line is null)
        {
            _report.End();
        }
        else
        {
            _report.Add(JsonNode.Parse(line)!);
        }
    }
}
