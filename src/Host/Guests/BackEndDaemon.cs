using System.Diagnostics;
using XenDmHost.Host.Native;

namespace XenDmHost.Host.Guests;

/// <summary>A back-end daemon that the host started.</summary>
internal sealed class BackEndDaemon(Process process) : IDisposable
{
    internal int ProcessId { get; } = process.Id;

    internal bool HasExited => process.HasExited;

    /// <summary>How it ended, for people.</summary>
    internal string ExitText => !process.HasExited ? "still running" : process.ExitCode > 128 ? $"signal {process.ExitCode - 128}" : $"exit code {process.ExitCode}";

    /// <summary>Asks it to end, waits, and kills it when it does not.</summary>
    internal void Stop(int limitMs)
    {
        if (!process.HasExited)
        {
            ProcessSignal.Terminate(process.Id);
            if (!process.WaitForExit(limitMs))
            {
                Kill();
            }
        }
    }

    /// <summary>Ends it at once; it does not touch guest memory any more when this returns.</summary>
    internal void Kill()
    {
        try
        {
            // Those that shut themselves into a sandbox have children.
            process.Kill(entireProcessTree: true);
            process.WaitForExit(1000);
        }
        catch (Exception ended) when (ended is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended by itself, or is no longer ours to end.
        }
    }

    public void Dispose() => process.Dispose();
}
