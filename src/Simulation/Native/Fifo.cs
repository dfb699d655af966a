using System.Text;
using Tmds.Linux;

namespace XenDmHost.Simulation.Native;

/// <summary>A named pipe that others write to (fifo(7)), held open for both ways so that it never ends.</summary>
internal sealed unsafe class Fifo : IDisposable
{
    private Fifo(FileDescriptor fd) => Fd = fd;

    internal FileDescriptor Fd { get; }

    /// <summary>Opens the pipe, or whatever else is there to be read, and makes it when nothing is.</summary>
    internal static Fifo Open(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            if (LibC.mkfifo(name, 0x180) < 0 && LibC.errno != Errno.EEXIST) throw new OsException("mkfifo", path, LibC.errno);
            return new(new FileDescriptor(Os.Check(LibC.open(name, LibC.O_RDWR | LibC.O_NONBLOCK | LibC.O_CLOEXEC), "open", path)));
        }
    }

    /// <summary>What is there, without waiting: a number of bytes, 0 for none.</summary>
    internal int Read(Span<byte> into)
    {
        using Lease lease = new(Fd);
        fixed (byte* bytes = into)
        {
            return Math.Max(0, (int)(long)LibC.read(lease.Fd, bytes, into.Length));
        }
    }

    public void Dispose() => Fd.Dispose();
}
