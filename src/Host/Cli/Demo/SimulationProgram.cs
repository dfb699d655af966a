using System.Diagnostics;

namespace XenDmHost.Host.Cli.Demo;

/// <summary>The simulation as a program: found beside the host, started, read line by line.</summary>
internal static class SimulationProgram
{
    private const string Name = "xendmhost-sim";

    /// <summary>The program's path, or null when it is not installed.</summary>
    internal static string? Find(string hostFolder)
    {
        // In a checkout: artifacts/bin/XenDmHost.Host/debug and artifacts/bin/XenDmHost.Simulation/debug.
        string configuration = Path.GetFileName(hostFolder.TrimEnd('/'));
        string[] candidates =
        [
            Path.Combine(hostFolder, Name),
            Path.Combine(hostFolder, "simulation", Name),
            Path.GetFullPath(Path.Combine(hostFolder, "..", "..", "XenDmHost.Simulation", configuration, Name)),
        ];

        // The build leaves the launcher beside everything that refers to it; the program is where its assembly is.
        return candidates.FirstOrDefault(path => File.Exists(path) && File.Exists(path + ".dll"));
    }

    /// <summary>Starts the program with its output piped to us.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="progress">Told each line that it writes to standard error; on another thread.</param>
    /// <param name="arguments">Its arguments.</param>
    internal static Process Start(string program, Action<string> progress, params IEnumerable<string> arguments)
    {
        ProcessStartInfo info = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        Process process = new() { StartInfo = info };
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrEmpty(line.Data))
            {
                progress(line.Data);
            }
        };
        process.Start();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Runs the program to its end and gives what it wrote to standard output.</summary>
    internal static (int ExitCode, IReadOnlyList<string> Lines) Run(string program, Action<string> progress, params IEnumerable<string> arguments)
    {
        using Process process = Start(program, progress, arguments);
        List<string> lines = [];
        while (process.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        process.WaitForExit();
        return (process.ExitCode, lines);
    }
}
