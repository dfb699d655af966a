using XenDmHost.Abstractions;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>
/// A socket of its own between a back-end and a plugin, served by a thread of its own: back-ends ask there while they owe
/// an answer on the main socket. What the messages mean is the plugin's business; framing, limits and descriptors are ours.
/// Whatever comes, the thread ends with the channel closed and its owner told.
/// </summary>
internal sealed class SideChannel : IDisposable
{
    /// <summary>How long the end of the thread is waited for: it waits for nothing itself, but the plugin's code may.</summary>
    private const int JoinMs = 2000;

    private readonly SideChannelNeed _need;
    private readonly ISideChannelHandler _handler;
    private readonly int _limitMs;
    private readonly Action<SideChannelEnd> _ended;
    private readonly EventFd _stop = EventFd.Create();
    private readonly DeadlineSocket _socket;
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <param name="need">What the plugin declares.</param>
    /// <param name="handler">The plugin's side; owned from here on.</param>
    /// <param name="limitMs">How long a message may take to arrive or to be taken.</param>
    /// <param name="ended">Told, on the channel's thread, that it ended by itself; not after Dispose began.</param>
    internal SideChannel(SideChannelNeed need, ISideChannelHandler handler, int limitMs, Action<SideChannelEnd> ended)
    {
        _need = need;
        _handler = handler;
        _limitMs = limitMs;
        _ended = ended;
        (UnixSocket ours, UnixSocket theirs) = UnixSocket.Pair();

        // vhost-user-gpu writes a message in one call and loses the rest where that would have to wait.
        theirs.SetBlocking();
        _socket = new DeadlineSocket(ours, _stop, () => _stopping ? 0 : long.MaxValue);
        Theirs = theirs.Descriptor;
        _thread = new Thread(Run) { Name = "side " + need.Name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>The end for the back-end; closed by <see cref="CloseTheirs"/>, once it was sent.</summary>
    internal FileDescriptor Theirs { get; }

    /// <summary>Whether the channel is served still.</summary>
    internal bool IsOpen => _thread.IsAlive;

    /// <summary>Ours of their end: while it is open, their closing of it is not seen.</summary>
    internal void CloseTheirs() => Theirs.Dispose();

    /// <summary>Ends the thread, which closes the socket and disposes the plugin's side.</summary>
    public void Dispose()
    {
        _stopping = true;
        _stop.TrySignal();
        Theirs.Dispose();
        if (_thread.Join(JoinMs))
        {
            _stop.Dispose();
        }
    }

    private void Run()
    {
        SideChannelEnd end = default;
        try
        {
            end = new SideChannelEnd(Serve(), null);
        }
        catch (Exception fault)
        {
            end = new SideChannelEnd($"the plugin failed: {fault.GetType().Name}: {fault.Message}", fault);
        }
        finally
        {
            _socket.Dispose();
            end = Close(end);
        }

        if (!_stopping)
        {
            _ended(end);
        }
    }

    private SideChannelEnd Close(SideChannelEnd end)
    {
        try
        {
            _handler.Dispose();
            return end;
        }
        catch (Exception fault)
        {
            return end.PluginFault is null ? new SideChannelEnd($"the plugin failed: {fault.GetType().Name}: {fault.Message}", fault) : end;
        }
    }

    /// <summary>Serves until the end.</summary>
    /// <returns>What the back-end did wrong, or null.</returns>
    private string? Serve()
    {
        SideChannelReader reader = new(_socket, _need, _limitMs);
        while (!_stopping && reader.TryNext(out MessageHeader header, out SideChannelDescriptors descriptors))
        {
            SideChannelOutcome outcome;
            using (descriptors)
            {
                outcome = _handler.Receive(new SideChannelMessage(header.Request, header.Flags, reader.PayloadOf(in header), descriptors));
            }

            string? fault = outcome.Fault ?? (outcome.HasReply ? Reply(header.Request, outcome) : null);
            if (fault is not null)
            {
                return fault;
            }
        }

        return reader.Violation;
    }

    private string? Reply(uint request, SideChannelOutcome outcome)
    {
        byte[] wire = new byte[MessageHeader.Size + outcome.Payload.Length];
        MessageHeader header = new() { Request = request, Flags = outcome.Flags, PayloadSize = (uint)outcome.Payload.Length };
        header.Write(wire);
        outcome.Payload.Span.CopyTo(wire.AsSpan(MessageHeader.Size));
        return _socket.Send(wire, [], Environment.TickCount64 + _limitMs) switch
        {
            TransferOutcome.TimedOut => $"the answer to request {request} was not taken within {_limitMs} ms",
            TransferOutcome.Error => $"sendmsg: {Errno.NameOf(_socket.LastErrno)}",
            _ => null,
        };
    }
}
