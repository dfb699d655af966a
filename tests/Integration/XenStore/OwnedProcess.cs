using System.Diagnostics;

namespace XenDmHost.IntegrationTests.XenStore;

/// <summary>A process that a test started, and ends.</summary>
internal sealed class OwnedProcess : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly Task<string> _errors;

    private OwnedProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    internal static OwnedProcess Start(string file, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return new OwnedProcess(Process.Start(start)!);
    }

    /// <summary>Runs a command to its end; its output, which must come with exit code 0.</summary>
    internal static string Run(string file, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        (int exitCode, string output, string errors) = TryRun(file, arguments, environment);
        Assert.True(exitCode == 0, $"{file}: exit code {exitCode}: {errors}");
        return output;
    }

    internal static (int ExitCode, string Output, string Errors) TryRun(string file, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        using OwnedProcess command = Start(file, arguments, environment);
        Task<string> output = command._process.StandardOutput.ReadToEndAsync();
        Assert.True(output.Wait(s_limit), $"{file} does not end");
        Assert.True(command._process.WaitForExit(s_limit), $"{file} does not end");
        return (command._process.ExitCode, output.Result, command._errors.Result);
    }

    internal string ReadLine()
    {
        Task<string?> line = _process.StandardOutput.ReadLineAsync();
        Assert.True(line.Wait(s_limit), $"{_process.StartInfo.FileName} says nothing");
        return line.Result ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended: {_errors.Result}");
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit(s_limit);
        _process.Dispose();
    }
}
