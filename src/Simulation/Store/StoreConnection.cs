using System.Net.Sockets;
using System.Threading.Channels;

namespace XenDmHost.Simulation.Store;

/// <summary>One client's socket: requests are answered in order; a client that breaks the protocol or does not read is dropped.</summary>
internal sealed class StoreConnection : IDisposable
{
    private const int MaxWaitingMessages = 65536;

    private readonly Socket _socket;
    private readonly StoreSession _session;
    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(MaxWaitingMessages);

    internal StoreConnection(Socket socket, StoreDatabase database)
    {
        _socket = socket;
        _session = new StoreSession(database, Send);
    }

    /// <summary>Serves the client until it leaves or <see cref="Dispose"/> is called.</summary>
    internal async Task RunAsync()
    {
        Task writing = WriteAsync();
        try
        {
            await ReadAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The client is gone, which is its right.
        }

        _session.Dispose();
        _outgoing.Writer.TryComplete();
        _socket.Dispose();
        await writing.ConfigureAwait(false);
    }

    public void Dispose() => _socket.Dispose();

    private void Send(byte[] message)
    {
        if (!_outgoing.Writer.TryWrite(message)) _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[2 * (StoreWire.HeaderSize + StoreWire.MaxPayload)];
        int filled = 0;
        while (true)
        {
            int count = await _socket.ReceiveAsync(buffer.AsMemory(filled)).ConfigureAwait(false);
            if (count == 0) return;
            filled += count;
            int consumed = HandleAll(buffer.AsSpan(0, filled));
            if (consumed < 0) return;
            buffer.AsSpan(consumed, filled - consumed).CopyTo(buffer);
            filled -= consumed;
        }
    }

    /// <summary>Handles each whole request; the number of bytes done with, or -1 when the protocol is broken.</summary>
    private int HandleAll(ReadOnlySpan<byte> bytes)
    {
        int done = 0;
        int consumed;
        while (StoreWire.TryDecode(bytes[done..], out StoreRequest request, out consumed))
        {
            done += consumed;
            _session.Handle(request);
        }

        return consumed < 0 ? consumed : done;
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (byte[] message in _outgoing.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                for (int sent = 0; sent < message.Length;)
                {
                    sent += await _socket.SendAsync(message.AsMemory(sent)).ConfigureAwait(false);
                }
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The reader sees the end as well, and cleans up.
            _socket.Dispose();
        }
    }
}
