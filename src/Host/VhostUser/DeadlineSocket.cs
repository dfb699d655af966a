using XenDmHost.Host.Native;

namespace XenDmHost.Host.VhostUser;

/// <summary>
/// Moves whole messages over a non-blocking stream socket, and never past a deadline. While it waits it also watches the
/// owner's wake-up: the owner can bring the deadline forward at any time and be heard at once.
/// </summary>
internal sealed class DeadlineSocket : IDisposable
{
    private readonly UnixSocket _socket;
    private readonly EventFd? _wakeUp;
    private readonly Func<long> _earlierDeadline;
    private readonly List<FileDescriptor> _received = [];

    /// <param name="socket">The connection; owned from here on.</param>
    /// <param name="wakeUp">The owner's wake-up eventfd; not owned. It is left signalled, so that the owner sees it too.</param>
    /// <param name="earlierDeadline">The owner's own deadline in Environment.TickCount64; long.MaxValue for none.</param>
    internal DeadlineSocket(UnixSocket socket, EventFd? wakeUp, Func<long> earlierDeadline)
    {
        _socket = socket;
        _wakeUp = wakeUp;
        _earlierDeadline = earlierDeadline;
    }

    internal FileDescriptor Descriptor => _socket.Descriptor;

    /// <summary>How many descriptors may come with the answer that is received now; others are closed and make it fail.</summary>
    internal int DescriptorsWelcome { get; set; }

    /// <summary>The errno behind the last Closed (0 at the end of the stream) or Error.</summary>
    internal int LastErrno { get; private set; }

    /// <summary>Sends all bytes; the descriptors travel with the first of them.</summary>
    internal TransferOutcome Send(ReadOnlySpan<byte> bytes, ReadOnlySpan<FileDescriptor> descriptors, long deadline)
    {
        int sent = 0;
        while (sent < bytes.Length)
        {
            int count = _socket.TrySend(bytes[sent..], sent == 0 ? descriptors : []);
            TransferOutcome outcome = count > 0 ? TransferOutcome.Done : Interpret(count, Libc.PollOut, deadline);
            if (outcome != TransferOutcome.Done)
            {
                return outcome;
            }

            sent += Math.Max(count, 0);
        }

        return TransferOutcome.Done;
    }

    /// <summary>Receives exactly as many bytes as there is room for, in as many pieces as they come.</summary>
    internal TransferOutcome Receive(Span<byte> bytes, long deadline) => Receive(bytes, _received, DescriptorsWelcome, deadline);

    /// <summary>The same for messages that may bring descriptors.</summary>
    /// <param name="bytes">The room.</param>
    /// <param name="descriptors">What came is added here and belongs to the caller; when it is too much, all of it is closed.</param>
    /// <param name="maxDescriptors">The most that the list may hold.</param>
    /// <param name="deadline">In Environment.TickCount64; long.MaxValue for none.</param>
    internal TransferOutcome Receive(Span<byte> bytes, List<FileDescriptor> descriptors, int maxDescriptors, long deadline)
    {
        int filled = 0;
        while (filled < bytes.Length)
        {
            int count = _socket.TryReceive(bytes[filled..], descriptors);
            if (descriptors.Count > maxDescriptors)
            {
                CloseAll(descriptors);
                return TransferOutcome.UnexpectedDescriptors;
            }

            TransferOutcome outcome = count > 0 ? TransferOutcome.Done : Interpret(count, Libc.PollIn, deadline);
            if (outcome != TransferOutcome.Done)
            {
                return outcome;
            }

            filled += Math.Max(count, 0);
        }

        return TransferOutcome.Done;
    }

    /// <summary>Looks, without waiting, for something that nobody asked for.</summary>
    /// <param name="bytes">How many bytes came; a few at most are read.</param>
    internal TransferOutcome Peek(out int bytes)
    {
        Span<byte> scratch = stackalloc byte[16];
        int count = _socket.TryReceive(scratch, _received);
        bytes = Math.Max(count, 0);
        if (CloseReceived())
        {
            return TransferOutcome.UnexpectedDescriptors;
        }

        return count is > 0 or -Errno.EAGAIN or -Errno.EINTR ? TransferOutcome.Done : OutcomeOf(count);
    }

    /// <summary>The descriptor that was welcome, if it came and is to be kept; from here on none is welcome any more.</summary>
    internal FileDescriptor? TakeDescriptor(bool keep)
    {
        DescriptorsWelcome = 0;
        FileDescriptor? taken = keep && _received.Count > 0 ? _received[0] : null;
        _received.RemoveAll(descriptor => ReferenceEquals(descriptor, taken));
        CloseReceived();
        return taken;
    }

    public void Dispose()
    {
        CloseReceived();
        _socket.Dispose();
    }

    /// <summary>What to do after a call that moved nothing: go on (Done) or give up.</summary>
    private TransferOutcome Interpret(int result, int events, long deadline) => result switch
    {
        -Errno.EINTR => TransferOutcome.Done,
        -Errno.EAGAIN => WaitUntilReady(events, deadline) ? TransferOutcome.Done : TransferOutcome.TimedOut,
        _ => OutcomeOf(result),
    };

    private TransferOutcome OutcomeOf(int result)
    {
        LastErrno = -result;
        return LastErrno is 0 or Errno.EPIPE or Errno.ECONNRESET or Errno.ENOTCONN ? TransferOutcome.Closed : TransferOutcome.Error;
    }

    private bool WaitUntilReady(int events, long deadline)
    {
        Span<int> ready = stackalloc int[2];
        bool woken = false;
        do
        {
            long left = Math.Min(deadline, _earlierDeadline()) - Environment.TickCount64;
            Poller.Wait([_socket.Descriptor, _wakeUp?.Descriptor], [events, Libc.PollIn], (int)Math.Clamp(left, 0, int.MaxValue), ready);
            if (ready[0] == 0 && left <= 0)
            {
                break;
            }

            woken |= ready[1] != 0 && _wakeUp!.TryDrain();
        }
        while (ready[0] == 0);

        if (woken)
        {
            _wakeUp!.TrySignal();
        }

        return ready[0] != 0;
    }

    /// <summary>Closes what came along with the bytes, and says whether there was anything.</summary>
    private bool CloseReceived()
    {
        bool any = _received.Count > 0;
        CloseAll(_received);
        return any;
    }

    private static void CloseAll(List<FileDescriptor> descriptors)
    {
        descriptors.ForEach(descriptor => descriptor.Dispose());
        descriptors.Clear();
    }
}
