namespace XenDmHost.Host.Native;

/// <summary>poll(2) on a few descriptors, with a limit.</summary>
internal static unsafe class Poller
{
    internal const int MaxDescriptors = 8;

    /// <summary>Whether one descriptor is ready now.</summary>
    internal static bool IsReady(FileDescriptor descriptor, int events)
    {
        Libc.PollFd poll = new() { Fd = descriptor.Value, Events = (short)events };
        return Libc.poll(&poll, 1, 0) > 0 && (poll.Revents & events) != 0;
    }

    /// <summary>Waits until a descriptor is ready, an error stands on one, or the time is over.</summary>
    /// <param name="descriptors">At most <see cref="MaxDescriptors"/>; a null entry is left out.</param>
    /// <param name="events">What to wait for, per descriptor.</param>
    /// <param name="timeoutMs">-1 waits without a limit.</param>
    /// <param name="ready">What stands, per descriptor.</param>
    /// <returns>The number of ready descriptors; 0 when the time is over or a signal came.</returns>
    internal static int Wait(
        ReadOnlySpan<FileDescriptor?> descriptors, ReadOnlySpan<int> events, int timeoutMs, Span<int> ready)
    {
        Libc.PollFd* fds = stackalloc Libc.PollFd[MaxDescriptors];
        for (int i = 0; i < descriptors.Length; i++)
        {
            fds[i] = new() { Fd = descriptors[i]?.Value ?? -1, Events = (short)events[i] };
        }

        int count = Libc.poll(fds, (nuint)descriptors.Length, timeoutMs);
        if (count < 0 && Libc.LastErrno is not (Errno.EINTR or Errno.EAGAIN))
        {
            throw new OsException("poll", "descriptors of a device", Libc.LastErrno);
        }

        for (int i = 0; i < descriptors.Length; i++)
        {
            ready[i] = count > 0 ? fds[i].Revents : 0;
        }

        return Math.Max(count, 0);
    }
}
