using System.Runtime.InteropServices;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>
/// The socket of SET_BACKEND_REQ_FD, on which the back-end asks and the host answers. It has a thread of its own: a
/// back-end waits for an answer here before it answers a request on the main socket. Only CONFIG_CHANGE_MSG is served;
/// every other request is refused, its descriptors are closed, and a request that breaks the protocol ends this channel
/// and nothing else. No wait on the back-end: an answer that it does not take ends the channel too.
/// </summary>
internal sealed class BackEndRequestChannel : IDisposable
{
    private const ulong Refusal = 1;

    private readonly UnixSocket _ours;
    private readonly UnixSocket _theirs;
    private readonly EventFd _stop = EventFd.Create();
    private readonly Thread _thread;
    private readonly Action _configChanged;
    private readonly Action<string> _refused;
    private readonly List<FileDescriptor> _received = [];
    private readonly HashSet<BackEndRequest> _told = [];
    private ProtocolFeatureSet _agreed;

    /// <param name="name">The name of the thread, for people who look at the process.</param>
    /// <param name="configChanged">Called on the channel's thread when the back-end says that its config space has changed.</param>
    /// <param name="refused">Called on the channel's thread with one line for the operator: what was refused, or why the channel has ended.</param>
    internal BackEndRequestChannel(string name, Action configChanged, Action<string> refused)
    {
        (_ours, _theirs) = UnixSocket.Pair();

        // Back-ends wait for the answer in a plain recvmsg; the vhost crates take EAGAIN there for a failure.
        _theirs.SetBlocking();
        _configChanged = configChanged;
        _refused = refused;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>How long the end of the channel waits for its thread.</summary>
    internal TimeSpan EndLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The end that is sent to the back-end; open until <see cref="HandedOver"/>.</summary>
    internal FileDescriptor BackEndSide => _theirs.Descriptor;

    /// <summary>Begins to answer. Once.</summary>
    /// <param name="agreed">The protocol features that were acknowledged: REPLY_ACK and CONFIG count here.</param>
    internal void Serve(ProtocolFeatureSet agreed)
    {
        _agreed = agreed;
        _thread.Start();
    }

    /// <summary>The back-end has its end: ours of it is closed, so that its leaving is seen.</summary>
    internal void HandedOver() => _theirs.Dispose();

    public void Dispose()
    {
        _stop.TrySignal();

        // It waits for nothing but the socket and _stop, so this is for our own mistakes. What it still uses stays open then.
        if (_thread.IsAlive && !_thread.Join(EndLimit))
        {
            _refused($"the thread that answers its requests has not ended within {EndLimit.TotalSeconds:0.#} s; please report this");
            return;
        }

        _theirs.Dispose();
        _ours.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        Span<byte> header = stackalloc byte[MessageHeader.Size];
        Span<byte> payload = stackalloc byte[MessageHeader.MaxPayload];
        string? end = null;
        bool open = true;
        while (open && end is null)
        {
            open = TryFill(header);
            end = open ? BackEndRequestRules.Violation(header, out MessageHeader request) ?? Serve(request, payload, ref open) : null;
        }

        if (end is not null)
        {
            _refused($"its channel for requests is closed: {end}");
        }

        // Whoever waits for an answer on the other side sees the end.
        _ours.Dispose();
    }

    /// <summary>Serves one request; a text when the channel must end.</summary>
    private string? Serve(MessageHeader header, Span<byte> payload, ref bool open)
    {
        BackEndRequest request = (BackEndRequest)header.Request;
        open = TryFill(payload[..(int)header.PayloadSize]);
        if (!open)
        {
            return null;
        }

        bool served = request == BackEndRequest.ConfigChangeMsg && _agreed.Has(ProtocolFeature.Config);
        if (served)
        {
            _configChanged();
        }

        // A lookup is answered in any case (vhost-user.rst, SHARED_OBJECT_LOOKUP).
        bool mustAnswer = ((header.Flags & MessageHeader.NeedReply) != 0 && _agreed.Has(ProtocolFeature.ReplyAck))
            || request == BackEndRequest.SharedObjectLookup;
        if (mustAnswer && !TryAnswer(header.Request, served ? 0 : Refusal))
        {
            return $"the answer to {SpecName.Of(request)} is not taken";
        }

        if (BackEndRequestRules.PayloadOf(request) < 0)
        {
            return $"{SpecName.Of(request)} is unknown";
        }

        // Once each: the back-end must not be able to fill the log.
        if (!served && _told.Add(request))
        {
            _refused($"{SpecName.Of(request)} is refused: the host does not serve it");
        }

        return null;
    }

    private bool TryAnswer(uint request, ulong status)
    {
        Span<byte> answer = stackalloc byte[MessageHeader.Size + sizeof(ulong)];
        new MessageHeader { Request = request, Flags = MessageHeader.ReplyFlags, PayloadSize = sizeof(ulong) }.Write(answer);
        MemoryMarshal.Write(answer[MessageHeader.Size..], in status);
        return _ours.TrySend(answer, []) == answer.Length;
    }

    /// <summary>Fills the buffer from the socket; false at the end of the stream or of this channel.</summary>
    private bool TryFill(Span<byte> bytes)
    {
        Span<int> ready = stackalloc int[2];
        for (int filled = 0; filled < bytes.Length;)
        {
            Poller.Wait([_ours.Descriptor, _stop.Descriptor], [Libc.PollIn, Libc.PollIn], -1, ready);
            if (ready[1] != 0)
            {
                return false;
            }

            int count = _ours.TryReceive(bytes[filled..], _received);
            _received.ForEach(descriptor => descriptor.Dispose());
            _received.Clear();
            if (count is 0 || (count < 0 && count is not (-Errno.EAGAIN or -Errno.EINTR)))
            {
                return false;
            }

            filled += Math.Max(count, 0);
        }

        return true;
    }
}
