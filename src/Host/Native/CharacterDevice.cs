using Tmds.Linux;

namespace XenDmHost.Host.Native;

/// <summary>
/// A character device that is read by one thread, in a wait that another thread can end, and written by another.
/// </summary>
internal sealed unsafe class CharacterDevice : IDisposable
{
    private readonly FileDescriptor _descriptor;
    private readonly EventFd _closing = EventFd.Create();
    private volatile bool _closed;

    /// <param name="descriptor">An open device; owned from here on.</param>
    internal CharacterDevice(FileDescriptor descriptor) => _descriptor = descriptor;

    /// <summary>Opens a device for reading and writing, closed on exec.</summary>
    /// <param name="path">The device's file.</param>
    /// <param name="advice">What to do about an errno.</param>
    /// <exception cref="OsException">The system refuses.</exception>
    internal static CharacterDevice Open(string path, Func<int, string> advice)
    {
        byte[] name = System.Text.Encoding.UTF8.GetBytes(path + '\0');
        fixed (byte* start = name)
        {
            int fd = LibC.open(start, LibC.O_RDWR | LibC.O_CLOEXEC);
            int errno = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
            return fd >= 0 ? new CharacterDevice(new FileDescriptor(fd)) : throw new OsException("open", path, errno, advice(errno));
        }
    }

    /// <summary>Writes the bytes in one call.</summary>
    /// <returns>The number of bytes taken, or a negative errno.</returns>
    internal int Write(ReadOnlySpan<byte> bytes)
    {
        if (_closed) return -Errno.EBADF;
        fixed (byte* start = bytes)
        {
            nint count;
            do
            {
                count = Libc.write(_descriptor.Value, start, (nuint)bytes.Length);
            }
            while (count < 0 && Libc.LastErrno == Errno.EINTR && !_closed);
            return count >= 0 ? (int)count : -Libc.LastErrno;
        }
    }

    /// <summary>Waits for bytes and takes them.</summary>
    /// <returns>The number of bytes, 0 at the end and after <see cref="Close"/>, or a negative errno.</returns>
    internal int Read(Span<byte> buffer)
    {
        Span<int> ready = stackalloc int[2];
        while (!_closed)
        {
            if (Poller.Wait([_descriptor, _closing.Descriptor], [Libc.PollIn, Libc.PollIn], -1, ready) == 0) continue;
            if (_closed) return 0;
            if (ready[0] != 0 && ReadNow(buffer) is var count && count != -Errno.EINTR) return count;
        }

        return 0;
    }

    /// <summary>Ends a read that waits; any thread.</summary>
    internal void Close()
    {
        _closed = true;
        _closing.TrySignal();
    }

    public void Dispose()
    {
        Close();
        _descriptor.Dispose();
        _closing.Dispose();
    }

    private int ReadNow(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count = Libc.read(_descriptor.Value, start, (nuint)buffer.Length);
            return count >= 0 ? (int)count : -Libc.LastErrno;
        }
    }
}
