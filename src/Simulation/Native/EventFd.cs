using Tmds.Linux;

namespace XenDmHost.Simulation.Native;

/// <summary>An eventfd: a 64-bit counter that wakes readers (eventfd(2)).</summary>
internal sealed unsafe class EventFd : IDisposable
{
    /// <summary>The highest value the counter can hold; one more and a write blocks or fails with EAGAIN.</summary>
    internal const ulong Maximum = 0xffff_ffff_ffff_fffe;

    private EventFd(FileDescriptor fd) => Fd = fd;

    internal FileDescriptor Fd { get; }

    internal static EventFd Create(bool nonBlocking)
    {
        int flags = LibC.EFD_CLOEXEC | (nonBlocking ? LibC.EFD_NONBLOCK : 0);
        return new(new FileDescriptor(Os.Check(LibC.eventfd(0, flags), "eventfd", "a new counter")));
    }

    /// <summary>Takes ownership of a descriptor that somebody sent; nothing proves that it really is an eventfd.</summary>
    internal static EventFd From(FileDescriptor fd) => new(fd);

    internal void Signal()
    {
        if (!TryAdd(1)) throw new OsException("write", $"eventfd {Fd.Value}", LibC.errno);
    }

    /// <summary>Adds to the counter. False when it is full and non-blocking, or is no eventfd at all.</summary>
    internal bool TryAdd(ulong value)
    {
        using Lease lease = new(Fd);
        long written;
        do
        {
            written = LibC.write(lease.Fd, &value, sizeof(ulong));
        }
        while (written < 0 && LibC.errno == Errno.EINTR);
        return written == sizeof(ulong);
    }

    /// <summary>Adds to the counter only if that cannot block: for a counter that the other side may have filled.</summary>
    internal bool TrySignalNow() => Poller.WaitWritable(Fd, TimeSpan.Zero) && TryAdd(1);

    /// <summary>Waits without limit until the counter is not zero, and takes it back to zero.</summary>
    internal ulong Wait()
    {
        ulong value;
        while (!TryRead(out value))
        {
            Poller.WaitReadable(Fd, Timeout.InfiniteTimeSpan);
        }
        return value;
    }

    /// <summary>Waits until the counter is not zero or the time is over.</summary>
    internal bool Wait(TimeSpan limit) => Poller.WaitReadable(Fd, limit) && TryRead(out _);

    /// <summary>Reads the counter only if that cannot block, whatever the descriptor's own mode.</summary>
    internal bool TryRead(out ulong value)
    {
        ulong read = 0;
        value = 0;
        if (!Poller.WaitReadable(Fd, TimeSpan.Zero)) return false;
        using Lease lease = new(Fd);
        bool complete = LibC.read(lease.Fd, &read, sizeof(ulong)) == sizeof(ulong);
        value = read;
        return complete;
    }

    public void Dispose() => Fd.Dispose();
}
