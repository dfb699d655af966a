using System.Buffers.Binary;
using XenDmHost.Simulation.Native;

namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>A front-end of bytes: it sends what a test tells it, right or wrong, and checks nothing but the answer's frame.</summary>
internal sealed class WireClient(UnixSocket socket) : IDisposable
{
    private const int HeaderSize = 12;
    private const uint Version = 1, NeedReply = 8;

    private const int RetryMs = 50;

    private readonly UnixSocket _socket = socket;

    internal WireClient(string path) : this(UnixSocket.Connect(path))
    {
    }

    /// <summary>Whether requests carry NEED_REPLY.</summary>
    internal bool AsksForReplies { get; set; } = true;

    /// <summary>Whether an answer may bear its request's NEED_REPLY, as some of libvhost-user's do.</summary>
    internal bool AnswersRepeatNeedReply { get; set; }

    /// <summary>
    /// Connects as soon as the daemon listens. The file appears a moment before that, for which there is no event; and a
    /// daemon that serves one client cannot be probed.
    /// </summary>
    internal static WireClient WhenReady(string path)
    {
        using FileSystemWatcher watcher = new(Path.GetDirectoryName(path)!) { EnableRaisingEvents = true };
        long deadline = Environment.TickCount64 + (long)BackEndProcess.Limit.TotalMilliseconds;
        while (true)
        {
            try
            {
                return new WireClient(path);
            }
            catch (OsException) when (Environment.TickCount64 < deadline)
            {
                watcher.WaitForChanged(WatcherChangeTypes.Created, RetryMs);
            }
        }
    }

    /// <summary>The usual beginning, up to the point where memory and rings are described.</summary>
    internal WireClient Negotiate(bool xen, ulong features = Wire.Bit30 | Wire.Version1)
    {
        Assert.Equal(features, features & Ask(Wire.GetFeatures).Value);
        ulong offered = Ask(Wire.GetProtocolFeatures).Value;
        Assert.Equal(xen, (offered & Wire.XenMmap) != 0);
        Acknowledged(Wire.SetProtocolFeatures, Wire.U64(offered));
        Acknowledged(Wire.SetOwner);
        Acknowledged(Wire.SetFeatures, Wire.U64(features));
        return this;
    }

    internal void Send(uint id, byte[] payload, params FileDescriptor[] fds)
    {
        uint flags = AsksForReplies ? Version | NeedReply : Version;
        byte[] frame = [.. BitConverter.GetBytes(id), .. BitConverter.GetBytes(flags), .. BitConverter.GetBytes(payload.Length), .. payload];
        // The other side may have closed already, which the answer shows.
        _ = _socket.Send(frame, fds);
    }

    /// <summary>The next answer; null at the end of the connection.</summary>
    internal WireReply? Receive()
    {
        List<FileDescriptor> fds = [];
        byte[]? header = ReceiveExactly(HeaderSize, fds);
        if (header is null) return null;
        byte[]? payload = ReceiveExactly(BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)), fds);
        fds.ForEach(fd => fd.Dispose());
        Assert.NotNull(payload);
        return new(
            BinaryPrimitives.ReadUInt32LittleEndian(header), BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)), payload, fds.Count);
    }

    /// <summary>Bytes as they come, for answers that are no whole message; null at the end of the connection.</summary>
    internal byte[]? ReceiveBytes(int size) => ReceiveExactly(size, []);

    /// <summary>A request that has an answer of its own.</summary>
    internal WireReply Ask(uint id, params byte[] payload)
    {
        Send(id, payload);
        WireReply? reply = Receive();
        Assert.NotNull(reply);
        Assert.Equal((id, 5u), (reply.Id, FlagsOf(reply)));
        return reply;
    }

    internal void Acknowledged(uint id, byte[]? payload = null, params FileDescriptor[] fds)
    {
        Send(id, payload ?? [], fds);
        AssertWord(id, 0);
    }

    /// <summary>Refused in the polite form: the answer 1, and then the end.</summary>
    internal void RefusedWithNack(uint id, byte[] payload, params FileDescriptor[] fds)
    {
        Send(id, payload, fds);
        AssertWord(id, 1);
        Assert.Null(Receive());
    }

    /// <summary>Refused in the rude form: the end and nothing else.</summary>
    internal void RefusedByTheEnd(uint id, byte[] payload, params FileDescriptor[] fds)
    {
        Send(id, payload, fds);
        Assert.Null(Receive());
    }

    public void Dispose() => _socket.Dispose();

    private uint FlagsOf(WireReply reply) => AnswersRepeatNeedReply ? reply.Flags & ~NeedReply : reply.Flags;

    private void AssertWord(uint id, ulong value)
    {
        WireReply? reply = Receive();
        Assert.NotNull(reply);
        Assert.Equal((id, 5u, 8, value), (reply.Id, FlagsOf(reply), reply.Payload.Length, reply.Value));
    }

    private byte[]? ReceiveExactly(int size, List<FileDescriptor> fds)
    {
        byte[] bytes = new byte[size];
        for (int done = 0; done < size;)
        {
            Assert.True(Poller.WaitReadable(_socket.Fd, BackEndProcess.Limit), "no answer in time");
            int read = _socket.Receive(bytes.AsSpan(done), fds).Bytes;
            if (read == 0) return null;
            done += read;
        }
        return bytes;
    }
}
