using Tmds.Linux;

namespace XenDmHost.Simulation.Native;

/// <summary>Waits on several descriptors at once (poll(2)).</summary>
internal static unsafe class Poller
{
    internal static bool WaitReadable(FileDescriptor fd, TimeSpan limit) => WaitOne(fd, PollEvents.Readable, limit);

    internal static bool WaitWritable(FileDescriptor fd, TimeSpan limit) => WaitOne(fd, PollEvents.Writable, limit);

    /// <summary>Fills in every entry's Ready. The result is how many are ready, 0 when the time was over first.</summary>
    internal static int Wait(Span<PollEntry> entries, TimeSpan limit)
    {
        Span<pollfd> fds = entries.Length <= 64 ? stackalloc pollfd[entries.Length] : new pollfd[entries.Length];
        int held = 0;
        try
        {
            for (; held < entries.Length; held++) fds[held] = Hold(entries[held]);
            int ready = PollUntil(fds, limit);
            for (int i = 0; i < entries.Length; i++) entries[i].Ready = (PollEvents)fds[i].revents;
            return ready;
        }
        finally
        {
            for (int i = 0; i < held; i++) entries[i].Fd.DangerousRelease();
        }
    }

    private static bool WaitOne(FileDescriptor fd, PollEvents wanted, TimeSpan limit)
    {
        PollEntry entry = new(fd, wanted);
        return Wait(new Span<PollEntry>(ref entry), limit) > 0;
    }

    private static pollfd Hold(in PollEntry entry)
    {
        bool added = false;
        entry.Fd.DangerousAddRef(ref added);
        return new pollfd { fd = entry.Fd.Value, events = (short)entry.Wanted };
    }

    /// <summary>A signal ends poll early (the runtime itself uses some), so the rest of the time is waited for again.</summary>
    private static int PollUntil(Span<pollfd> fds, TimeSpan limit)
    {
        bool forever = limit == Timeout.InfiniteTimeSpan;
        long deadline = Environment.TickCount64 + (forever ? 0 : (long)limit.TotalMilliseconds);
        fixed (pollfd* first = fds)
        {
            while (true)
            {
                int left = forever ? -1 : (int)Math.Clamp(deadline - Environment.TickCount64, 0, int.MaxValue);
                int ready = LibC.poll(first, (ulong_t)(ulong)fds.Length, left);
                if (ready >= 0) return ready;
                // Only what says that the call itself was wrong: the runtime's own work on a signal may have changed errno.
                if (LibC.errno is Errno.EBADF or Errno.EINVAL) throw new OsException("poll", $"{fds.Length} descriptors", LibC.errno);
            }
        }
    }
}
