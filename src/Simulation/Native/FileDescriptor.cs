using System.Runtime.InteropServices;
using Tmds.Linux;

namespace XenDmHost.Simulation.Native;

/// <summary>Owns one file descriptor. Closed when disposed, or by the finalizer when its owner forgot.</summary>
internal sealed class FileDescriptor : SafeHandle
{
    internal FileDescriptor(int fd) : base(-1, ownsHandle: true) => SetHandle(fd);

    public override bool IsInvalid => (int)handle < 0;

    /// <summary>The number, for messages and tests. A call on it goes through <see cref="Lease"/>.</summary>
    internal int Value => (int)handle;

    /// <summary>A second descriptor of the same open file, close-on-exec.</summary>
    internal FileDescriptor Dup()
    {
        using Lease lease = new(this);
        return new(Os.Check(LibC.fcntl(lease.Fd, LibC.F_DUPFD_CLOEXEC, 0), "fcntl(F_DUPFD_CLOEXEC)", $"fd {Value}"));
    }

    internal void SetNonBlocking(bool nonBlocking)
    {
        using Lease lease = new(this);
        int flags = Os.Check(LibC.fcntl(lease.Fd, LibC.F_GETFL), "fcntl(F_GETFL)", $"fd {Value}");
        int wanted = nonBlocking ? flags | LibC.O_NONBLOCK : flags & ~LibC.O_NONBLOCK;
        Os.Check(LibC.fcntl(lease.Fd, LibC.F_SETFL, wanted), "fcntl(F_SETFL)", $"fd {Value}");
    }

    internal bool IsNonBlocking()
    {
        using Lease lease = new(this);
        return (Os.Check(LibC.fcntl(lease.Fd, LibC.F_GETFL), "fcntl(F_GETFL)", $"fd {Value}") & LibC.O_NONBLOCK) != 0;
    }

    protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;
}
