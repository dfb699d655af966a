using System.Runtime.InteropServices;

[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]

namespace XenDmHost.Host.Native;

/// <summary>
/// Calls of the paths where a request waits: blittable and without a copy of errno unless they fail. Everything else
/// goes through Tmds.LibC. None of them is marked SuppressGCTransition: a call that blocks with it stops the collector.
/// </summary>
internal static unsafe partial class Libc
{
    internal const int PollIn = 0x1;
    internal const int PollOut = 0x4;
    internal const int PollErr = 0x8;
    internal const int PollHup = 0x10;

    [LibraryImport("libc")]
    internal static partial nint read(int fd, void* buffer, nuint count);

    [LibraryImport("libc")]
    internal static partial nint write(int fd, void* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "preadv2")]
    private static partial nint preadv2(int fd, IoVec* vectors, int count, long offset, int flags);

    /// <summary>
    /// Reads what is there and never waits, whatever somebody else did to the open file's O_NONBLOCK (RWF_NOWAIT,
    /// linux/fs.h).
    /// </summary>
    internal static nint ReadWithoutWaiting(int fd, void* buffer, nuint count)
    {
        const long CurrentPosition = -1;
        const int NoWait = 8;
        IoVec vector = new() { Base = buffer, Length = count };
        return preadv2(fd, &vector, 1, CurrentPosition, NoWait);
    }

    [LibraryImport("libc")]
    internal static partial int poll(PollFd* fds, nuint count, int timeoutMs);

    [LibraryImport("libc")]
    private static partial int* __errno_location();

    /// <summary>errno of the call that has just failed on this thread. Only right before anything else runs.</summary>
    internal static int LastErrno => *__errno_location();

    [StructLayout(LayoutKind.Sequential)]
    private struct IoVec
    {
        internal void* Base;
        internal nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd
    {
        internal int Fd;
        internal short Events;
        internal short Revents;
    }
}
