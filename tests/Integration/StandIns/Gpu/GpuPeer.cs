using System.Buffers.Binary;
using XenDmHost.Simulation.Native;

namespace XenDmHost.IntegrationTests.StandIns.Gpu;

/// <summary>The front-end's end of the GPU socket, byte by byte (QEMU's docs/interop/vhost-user-gpu.rst).</summary>
internal sealed class GpuPeer : IDisposable
{
    internal const uint GetProtocolFeatures = 1, SetProtocolFeatures = 2, GetDisplayInfo = 3, CursorPos = 4, CursorPosHide = 5,
        CursorUpdate = 6, Scanout = 7, Update = 8, DmabufScanout = 9, DmabufUpdate = 10, GetEdid = 11;

    private readonly UnixSocket _socket;

    internal GpuPeer() => (_socket, Other) = UnixSocket.Pair();

    /// <summary>The end that goes to the back-end.</summary>
    internal UnixSocket Other { get; }

    /// <summary>Descriptors that came with the last message.</summary>
    internal List<FileDescriptor> Descriptors { get; } = [];

    internal static byte[] Words(params uint[] words) => [.. words.SelectMany(BitConverter.GetBytes)];

    /// <summary>The next message must be this one; gives its payload.</summary>
    internal byte[] Expect(uint request)
    {
        byte[]? header = Receive(12);
        Assert.NotNull(header);
        Assert.Equal((request, 0u), (U32(header, 0), U32(header, 4)));
        byte[]? payload = Receive((int)U32(header, 8));
        Assert.NotNull(payload);
        return payload;
    }

    internal void Answer(uint request, params byte[] payload) => AnswerRaw(request, 4, payload);

    internal void AnswerRaw(uint request, uint flags, byte[] payload) =>
        Assert.True(_socket.Send([.. Words(request, flags, (uint)payload.Length), .. payload]));

    /// <summary>The back-end closes its end.</summary>
    internal void ExpectEnd() => Assert.Null(Receive(1));

    public void Dispose()
    {
        Descriptors.ForEach(fd => fd.Dispose());
        _socket.Dispose();
        Other.Dispose();
    }

    private byte[]? Receive(int size)
    {
        byte[] bytes = new byte[size];
        for (int done = 0; done < size;)
        {
            Assert.True(Poller.WaitReadable(_socket.Fd, BackEndProcess.Limit), "no message on the GPU socket in time");
            int read = _socket.Receive(bytes.AsSpan(done), Descriptors).Bytes;
            if (read == 0) return null;
            done += read;
        }
        return bytes;
    }

    private static uint U32(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));
}
