using Tmds.Linux;

namespace XenDmHost.Host.Native;

/// <summary>
/// An eventfd. Where a back-end holds it too, the back-end can fill its counter and take away its O_NONBLOCK; whoever
/// writes then must be prepared for the call to be refused, and must have somebody who watches (Notify/KickWatch).
/// </summary>
internal sealed class EventFd : IDisposable
{
    internal EventFd(FileDescriptor descriptor) => Descriptor = descriptor;

    internal FileDescriptor Descriptor { get; }

    /// <summary>A new eventfd with the counter 0, non-blocking, closed on exec.</summary>
    internal static EventFd Create()
    {
        int fd = LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
        if (fd < 0)
        {
            OsException.ThrowLast("eventfd", "eventfd", "raise the limit of open files (ulimit -n)");
        }

        return new EventFd(new FileDescriptor(fd));
    }

    /// <summary>Adds 1 to the counter.</summary>
    /// <returns>0, or a negative errno: -EAGAIN when the counter is at its maximum, -EBADF after Dispose.</returns>
    internal unsafe int TrySignal()
    {
        bool held = false;
        try
        {
            Descriptor.DangerousAddRef(ref held);
            ulong one = 1;
            return Libc.write(Descriptor.Value, &one, sizeof(ulong)) == sizeof(ulong) ? 0 : -Libc.LastErrno;
        }
        catch (ObjectDisposedException)
        {
            return -Errno.EBADF;
        }
        finally
        {
            if (held)
            {
                Descriptor.DangerousRelease();
            }
        }
    }

    /// <summary>Takes the counter and sets it to 0, if it is not 0 already; never waits, even where O_NONBLOCK was taken away.</summary>
    /// <returns>Whether there was something to take.</returns>
    internal unsafe bool TryDrain()
    {
        bool held = false;
        try
        {
            Descriptor.DangerousAddRef(ref held);
            ulong value;
            return Libc.ReadWithoutWaiting(Descriptor.Value, &value, sizeof(ulong)) == sizeof(ulong);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            if (held)
            {
                Descriptor.DangerousRelease();
            }
        }
    }

    public void Dispose() => Descriptor.Dispose();
}
