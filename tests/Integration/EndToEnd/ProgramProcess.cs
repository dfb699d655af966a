using System.Diagnostics;
using XenDmHost.IntegrationTests.EndToEnd.Native;

namespace XenDmHost.IntegrationTests.EndToEnd;

/// <summary>A program as a user runs it, with its output line by line. Killed, by its id, when disposed.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private readonly Process _process;

    internal ProgramProcess(string name, ProcessStartInfo start)
    {
        Output = new LineLog(name);
        Errors = new LineLog(name);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Output.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Errors.Add(line.Data);
        _process.Start();
        Id = _process.Id;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal int Id { get; }

    internal LineLog Output { get; }

    internal LineLog Errors { get; }

    internal bool HasExited => _process.HasExited;

    /// <summary>Waits for the end and for all of the output.</summary>
    /// <returns>The exit code; 128 and the signal's number after a signal.</returns>
    internal int WaitForExit()
    {
        if (!_process.WaitForExit(Trial.Limit))
        {
            throw new TimeoutException($"process {Id} does not end:\n{Output.Text}\n{Errors.Text}");
        }

        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Ends its standard input: a guest that was to wait ends.</summary>
    internal void CloseInput() => _process.StandardInput.Close();

    /// <summary>Sends a signal, such as "TERM".</summary>
    internal void Signal(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Ends the process without a chance to clean up, and waits until it is gone.</summary>
    internal void Kill()
    {
        _process.Kill();
        WaitForExit();
    }

    /// <summary>How many descriptors it has open.</summary>
    internal int CountDescriptors() => Directory.GetFileSystemEntries($"/proc/{Id}/fd").Length;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit(Trial.Limit);
        _process.Dispose();
    }

    /// <summary>Waits for the end of a process that somebody else started.</summary>
    internal static void WaitForEndOf(int processId)
    {
        using ProcessHandle? handle = ProcessHandle.Open(processId);
        Assert.True(handle is null || handle.WaitForEnd(Trial.Limit), $"process {processId} does not end");
    }
}
