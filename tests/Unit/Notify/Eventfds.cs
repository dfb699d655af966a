using System.Runtime.InteropServices;
using XenDmHost.Host.Native;

namespace XenDmHost.UnitTests.Notify;

/// <summary>What a back-end can do to an eventfd that it shares with the host.</summary>
internal static partial class Eventfds
{
    private const int SetFlags = 4;     // F_SETFL, linux/fcntl.h

    /// <summary>Puts the counter to its maximum: one more write is refused, or waits.</summary>
    internal static void Fill(EventFd eventFd) => Write(eventFd, ulong.MaxValue - 1);

    /// <summary>Takes O_NONBLOCK away from the open file, for everybody who holds it.</summary>
    internal static void MakeBlocking(EventFd eventFd) => Assert.Equal(0, Fcntl(eventFd.Descriptor.Value, SetFlags, 0));

    /// <summary>Reads the counter, which becomes 0.</summary>
    internal static ulong Take(EventFd eventFd)
    {
        Assert.Equal(8, Read(eventFd.Descriptor.Value, out ulong value, 8));
        return value;
    }

    private static void Write(EventFd eventFd, ulong value) => Assert.Equal(8, Write(eventFd.Descriptor.Value, in value, 8));

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(int fd, int command, nint value);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int fd, out ulong value, nuint size);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int fd, in ulong value, nuint size);
}
