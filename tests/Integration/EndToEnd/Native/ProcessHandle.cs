using System.Runtime.InteropServices;
using XenDmHost.Host.Native;

namespace XenDmHost.IntegrationTests.EndToEnd.Native;

/// <summary>
/// A process of somebody else's, to wait for (pidfd_open(2)): .NET waits for its own children alone, and takes one that
/// nobody has reaped for a living one.
/// </summary>
internal sealed partial class ProcessHandle : IDisposable
{
    /// <summary>The same number on every architecture (asm-generic/unistd.h).</summary>
    private const int PidfdOpenCall = 434;

    private readonly FileDescriptor _descriptor;

    private ProcessHandle(FileDescriptor descriptor) => _descriptor = descriptor;

    /// <summary>Null when there is no such process any more.</summary>
    internal static ProcessHandle? Open(int processId)
    {
        long result = PidfdOpen(PidfdOpenCall, processId, 0);
        return result >= 0 ? new ProcessHandle(new FileDescriptor((int)result)) : null;
    }

    /// <summary>False when it still runs after the limit.</summary>
    internal bool WaitForEnd(TimeSpan limit)
    {
        Span<int> ready = stackalloc int[1];
        return Poller.Wait([_descriptor], [Libc.PollIn], (int)limit.TotalMilliseconds, ready) > 0;
    }

    public void Dispose() => _descriptor.Dispose();

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long PidfdOpen(long number, int processId, uint flags);
}
