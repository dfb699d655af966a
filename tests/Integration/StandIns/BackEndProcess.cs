using System.Collections.Concurrent;
using System.Diagnostics;

namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>A back-end daemon in a process of its own, with a folder for its socket. Ended, by its id, when disposed.</summary>
public sealed class BackEndProcess : IDisposable
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly BlockingCollection<string> _output = [];
    private readonly BlockingCollection<string> _errors = [];

    private BackEndProcess(string folder, ProcessStartInfo start)
    {
        Folder = folder;
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal string Folder { get; }

    internal string Socket => Path.Combine(Folder, "s");

    internal bool HasExited => _process.HasExited;

    internal int ExitCode => _process.ExitCode;

    /// <summary>Starts a daemon; `{socket}` and `{dir}` in its arguments are filled in. It is ready when it says so.</summary>
    internal static BackEndProcess Start(string file, IEnumerable<string> arguments)
    {
        BackEndProcess process = StartSilent(file, arguments);
        Assert.Equal("ready", process.NextOutput());
        return process;
    }

    /// <summary>As <see cref="Start"/> for a daemon that does not say when it is ready: see <see cref="WireClient.WhenReady"/>.</summary>
    internal static BackEndProcess StartSilent(string file, IEnumerable<string> arguments)
    {
        string folder = Directory.CreateTempSubdirectory("stand-in").FullName;
        ProcessStartInfo start = new(file) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument
                .Replace("{socket}", Path.Combine(folder, "s"), StringComparison.Ordinal)
                .Replace("{dir}", folder, StringComparison.Ordinal));
        }
        return new(folder, start);
    }

    /// <summary>Starts the simulation's stand-in: it is built beside the tests.</summary>
    internal static BackEndProcess StartStandIn(params string[] arguments)
    {
        string dll = Path.Combine(AppContext.BaseDirectory, "xendmhost-sim.dll");
        string[] socket = arguments.Contains("--socket") ? [] : ["--socket", "{socket}"];
        return Start("dotnet", [dll, "stand-in", .. arguments, .. socket]);
    }

    internal string NextOutput() => Next(_output);

    internal string NextError() => Next(_errors);

    internal bool WaitForExit() => _process.WaitForExit(Limit);

    /// <summary>Asks it to end, as an init system does.</summary>
    internal void Terminate() => Signal("TERM");

    /// <summary>Asks a stand-in to look at what it serves again.</summary>
    internal void AskToReload() => Signal("USR1");

    private void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit(Limit);
        _process.Dispose();
        _output.Dispose();
        _errors.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static void Keep(BlockingCollection<string> lines, string? line)
    {
        if (line is not null && !lines.IsAddingCompleted) lines.Add(line);
    }

    private string Next(BlockingCollection<string> lines)
    {
        if (lines.TryTake(out string? line, Limit)) return line;
        throw new TimeoutException($"the back-end said nothing; on standard error: {string.Join(" / ", _errors)}");
    }
}
