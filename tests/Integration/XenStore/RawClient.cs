using System.Net.Sockets;
using System.Text;

namespace XenDmHost.IntegrationTests.XenStore;

/// <summary>A client that sends what no good one would.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };

    internal RawClient(string socketPath) => _socket.Connect(new UnixDomainSocketEndPoint(socketPath));

    public void Dispose() => _socket.Dispose();

    internal void Send(uint operation, uint transaction, uint length, string payload) =>
        _socket.Send((byte[])[.. BitConverter.GetBytes(operation), .. BitConverter.GetBytes(9u), .. BitConverter.GetBytes(transaction), .. BitConverter.GetBytes(length), .. Encoding.Latin1.GetBytes(payload)]);

    /// <summary>Sends a request; type and payload of its answer. Events on the way are left out.</summary>
    internal (uint Operation, string Payload) Ask(uint operation, uint transaction, string payload)
    {
        Send(operation, transaction, (uint)payload.Length, payload);
        (uint Operation, string Payload) answer;
        do
        {
            answer = Receive();
        }
        while (answer.Operation == 15);
        return answer;
    }

    internal (uint Operation, string Payload) Receive()
    {
        byte[] header = ReceiveExactly(16);
        return (BitConverter.ToUInt32(header), Encoding.Latin1.GetString(ReceiveExactly((int)BitConverter.ToUInt32(header, 12))));
    }

    /// <summary>Whether the store has closed the connection; waits for it.</summary>
    internal bool IsDropped()
    {
        try
        {
            return _socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    private byte[] ReceiveExactly(int count)
    {
        byte[] bytes = new byte[count];
        for (int received = 0; received < count;)
        {
            int more = _socket.Receive(bytes.AsSpan(received));
            if (more == 0) throw new EndOfStreamException();
            received += more;
        }

        return bytes;
    }
}
