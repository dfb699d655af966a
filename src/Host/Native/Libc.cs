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
    internal const int ReadNoWait = 0x8;

    [LibraryImport("libc")]
    internal static partial nint read(int fd, void* buffer, nuint count);

    [LibraryImport("libc")]
    internal static partial nint write(int fd, void* buffer, nuint count);

    /// <summary>A read that does not wait, whatever the file's flags are (RWF_NOWAIT, linux/fs.h); offset -1 for none.</summary>
    [LibraryImport("libc")]
    internal static partial nint preadv2(int fd, IoVector* vectors, int count, nint offset, int flags);

    [LibraryImport("libc")]
    internal static partial int poll(PollFd* fds, nuint count, int timeoutMs);

    [LibraryImport("libc")]
    private static partial int* __errno_location();

    /// <summary>errno of the call that has just failed on this thread. Only right before anything else runs.</summary>
    internal static int LastErrno => *__errno_location();

    [StructLayout(LayoutKind.Sequential)]
    internal struct IoVector
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
