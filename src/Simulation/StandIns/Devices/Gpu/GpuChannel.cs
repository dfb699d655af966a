using System.Buffers.Binary;
using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Devices.Gpu;

/// <summary>
/// The GPU socket as the back-end uses it: it tells and asks, one question at a time. What is told without a socket, or to a
/// front-end that has left, is lost, as with QEMU's daemon.
/// </summary>
internal sealed class GpuChannel(Action<string> log) : IDisposable
{
    private UnixSocket? _socket;

    internal bool IsOpen => _socket is not null;

    /// <summary>The question whose answer is waited for.</summary>
    internal SideRequest Waiting { get; private set; }

    internal FileDescriptor? Fd => _socket?.Fd;

    internal void Open(FileDescriptor socket)
    {
        // A front-end may have made its own pair non-blocking; half a message would be the end of it all.
        socket.SetNonBlocking(false);
        _socket = UnixSocket.From(socket);
    }

    internal void Tell(SideRequest request, ReadOnlySpan<byte> payload, params ReadOnlySpan<FileDescriptor> fds) =>
        TellRaw(GpuMessages.Frame(request, payload), fds);

    internal void TellRaw(ReadOnlySpan<byte> frame, params ReadOnlySpan<FileDescriptor> fds)
    {
        if (_socket is null) log("there is no GPU socket to write to");
        else if (!_socket.Send(frame, fds)) Close("the front-end has closed the GPU socket");
    }

    internal void Ask(SideRequest request, ReadOnlySpan<byte> payload)
    {
        Waiting = request;
        Tell(request, payload);
    }

    /// <summary>The answer to the question that waits; null, and no socket any more, when it is none.</summary>
    internal byte[]? ReadAnswer(int size)
    {
        byte[]? answer = ReadFrame(size);
        if (answer is not null) Waiting = SideRequest.None;
        return answer;
    }

    /// <summary>Closes the socket. A question stays without answer for good.</summary>
    internal void Close(string reason)
    {
        if (_socket is null) return;
        log(reason);
        Dispose();
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private byte[]? ReadFrame(int size)
    {
        byte[] header = new byte[GpuMessages.HeaderSize];
        if (_socket is null || !TryReceive(header)) return null;
        uint request = BinaryPrimitives.ReadUInt32LittleEndian(header);
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4));
        uint bytes = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8));
        if (Waiting == SideRequest.None || request != (uint)Waiting || flags != GpuMessages.ReplyFlag || bytes != size)
        {
            Close($"refused: request {request}, flags 0x{flags:x}, {bytes} bytes where the answer to {Waiting} ({size} bytes) was due");
            return null;
        }
        byte[] payload = new byte[size];
        return TryReceive(payload) ? payload : null;
    }

    private bool TryReceive(Span<byte> into)
    {
        List<FileDescriptor> fds = [];
        while (into.Length > 0)
        {
            int read = _socket!.Receive(into, fds).Bytes;
            if (read <= 0 || fds.Count > 0) break;
            into = into[read..];
        }
        fds.ForEach(fd => fd.Dispose());
        if (into.Length > 0) Close(fds.Count > 0 ? "refused: descriptors with an answer" : "the front-end has closed the GPU socket");
        return into.Length == 0;
    }
}
