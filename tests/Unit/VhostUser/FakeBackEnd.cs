using System.Buffers.Binary;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.UnitTests.VhostUser;

/// <summary>
/// A back-end at the other end of a socket pair. It needs no thread: the front-end asks for its owner's deadline
/// whenever it waits, and this back-end reads and answers in that moment.
/// </summary>
internal sealed class FakeBackEnd : IDisposable
{
    private readonly UnixSocket _socket;
    private readonly Queue<byte[]> _pieces = [];

    internal FakeBackEnd(VhostUserLimits? limits = null)
    {
        (UnixSocket ours, _socket) = UnixSocket.Pair();
        FrontEnd = new VhostUserFrontEnd(ours, WakeUp, Pump, limits ?? new VhostUserLimits { AnswerMs = 10_000, StopMs = 10_000 });
    }

    internal VhostUserFrontEnd FrontEnd { get; }

    internal EventFd WakeUp { get; } = EventFd.Create();

    internal ulong Features { get; set; } = 0x3_7000_0000;

    internal ulong ProtocolFeatures { get; set; } = 0x209;

    internal ulong Queues { get; set; } = 4;

    internal byte[] Config { get; set; } = [];

    /// <summary>What is done instead of the usual answer.</summary>
    internal Dictionary<FrontEndRequest, Action<ReceivedMessage>> On { get; } = [];

    /// <summary>Leave what comes in the socket's buffer.</summary>
    internal bool StopReading { get; set; }

    /// <summary>Close the socket once all pieces are sent.</summary>
    internal bool CloseAfterPieces { get; set; }

    internal List<ReceivedMessage> Messages { get; } = [];

    /// <summary>The front-end's deadline from its owner.</summary>
    internal Func<long> Deadline { get; set; } = () => long.MaxValue;

    internal IEnumerable<string> Names => Messages.Select(message => SpecName.Of((FrontEndRequest)message.Request));

    internal ReceivedMessage Last(FrontEndRequest request) => Messages.Last(message => message.Request == (uint)request);

    /// <summary>Negotiates and forgets the messages of that.</summary>
    internal FakeBackEnd Negotiated(bool xenMmap = false)
    {
        VhostUserResult result = FrontEnd.Negotiate(new NegotiationRequest { QueueCount = 1, OfferXenMmap = xenMmap }, out _);
        Assert.Equal("ok", result.ToString());
        Messages.Clear();
        return this;
    }

    internal void Send(ReadOnlySpan<byte> bytes, params ReadOnlySpan<FileDescriptor> descriptors) =>
        Assert.Equal(bytes.Length, _socket.TrySend(bytes, descriptors));

    /// <summary>Sends one piece now and one each time the front-end waits again.</summary>
    internal void SendInPieces(byte[] bytes, int pieceSize)
    {
        Array.ForEach([.. bytes.Chunk(pieceSize)], _pieces.Enqueue);
        SendPiece();
    }

    internal void Reply(ReceivedMessage to, ReadOnlySpan<byte> payload) => Send(ReplyBytes(to.Request, payload));

    internal void Close() => _socket.Dispose();

    internal static byte[] ReplyBytes(uint request, ReadOnlySpan<byte> payload, uint flags = 5)
    {
        byte[] bytes = new byte[12 + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, request);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), (uint)payload.Length);
        payload.CopyTo(bytes.AsSpan(12));
        return bytes;
    }

    internal static byte[] U64(ulong value) => BitConverter.GetBytes(value);

    public void Dispose()
    {
        FrontEnd.Dispose();
        _socket.Dispose();
        WakeUp.Dispose();
        Messages.ForEach(message => message.Dispose());
    }

    private long Pump()
    {
        SendPiece();
        while (!StopReading && !_socket.Descriptor.IsClosed && TryReceive() is ReceivedMessage message)
        {
            Messages.Add(message);
            Answer(message);
        }

        return Deadline();
    }

    private void SendPiece()
    {
        if (_pieces.TryDequeue(out byte[]? piece))
        {
            Send(piece);
        }
        else if (CloseAfterPieces)
        {
            Close();
        }
    }

    /// <summary>One receive call must yield one whole message: that is how real back-ends read.</summary>
    private ReceivedMessage? TryReceive()
    {
        byte[] header = new byte[12];
        List<FileDescriptor> descriptors = [];
        int count = _socket.TryReceive(header, descriptors);
        if (count <= 0)
        {
            return null;
        }

        Assert.Equal(12, count);
        byte[] payload = new byte[BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8))];
        int descriptorsOfHeader = descriptors.Count;
        Assert.Equal(payload.Length, payload.Length == 0 ? 0 : _socket.TryReceive(payload, descriptors));
        Assert.Equal(descriptorsOfHeader, descriptors.Count);
        return new ReceivedMessage([.. header, .. payload], descriptors);
    }

    private void Answer(ReceivedMessage message)
    {
        if (On.TryGetValue((FrontEndRequest)message.Request, out Action<ReceivedMessage>? action))
        {
            action(message);
            return;
        }

        byte[]? payload = UsualAnswer(message);
        if (payload is not null)
        {
            Reply(message, payload);
        }
    }

    private byte[]? UsualAnswer(ReceivedMessage message) => (FrontEndRequest)message.Request switch
    {
        FrontEndRequest.GetFeatures => U64(Features),
        FrontEndRequest.GetProtocolFeatures => U64(ProtocolFeatures),
        FrontEndRequest.GetQueueNum => U64(Queues),
        FrontEndRequest.GetMaxMemSlots => U64(509),
        FrontEndRequest.GetConfig => [.. message.Payload[..12], .. Config],
        FrontEndRequest.GetVringBase => [.. message.Payload[..4], 7, 0, 0, 0],
        _ => message.NeedsReply ? U64(0) : null,
    };
}
