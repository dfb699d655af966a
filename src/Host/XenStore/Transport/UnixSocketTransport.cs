using System.Net.Sockets;

namespace XenDmHost.Host.XenStore.Transport;

/// <summary>The socket of a xenstored that runs in this domain, or of the simulated one.</summary>
internal sealed class UnixSocketTransport : IXenStoreTransport
{
    private static readonly TimeSpan s_sendLimit = TimeSpan.FromSeconds(5);
    private readonly Socket _socket;
    private string _endReason = "";

    private UnixSocketTransport(Socket socket) => _socket = socket;

    public string EndReason => Volatile.Read(ref _endReason);

    /// <summary>Where libxenstore looks for the daemon: XENSTORED_PATH, XENSTORED_RUNDIR, the fixed place.</summary>
    internal static string DefaultPath
    {
        get
        {
            // Set to nothing is as good as not set.
            string? path = Environment.GetEnvironmentVariable("XENSTORED_PATH");
            string? folder = Environment.GetEnvironmentVariable("XENSTORED_RUNDIR");
            return string.IsNullOrEmpty(path) ? Path.Combine(string.IsNullOrEmpty(folder) ? "/run/xenstored" : folder, "socket") : path;
        }
    }

    internal static UnixSocketTransport Connect(string path) => Connect(path, s_sendLimit);

    /// <param name="path">The socket.</param>
    /// <param name="limit">How long to wait for a daemon that takes no connection (SO_SNDTIMEO covers that too), or no message.</param>
    /// <exception cref="IOException">Nobody listens on the socket, or nobody takes the connection; the text says what to do.</exception>
    internal static UnixSocketTransport Connect(string path, TimeSpan limit)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            SendTimeout = (int)limit.TotalMilliseconds,
        };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return new UnixSocketTransport(socket);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new IOException($"connect to xenstored on {path} failed: {failure.SocketErrorCode} ({failure.Message}); is xenstored running, and may this user open its socket?", failure);
        }
    }

    public SendOutcome Send(ReadOnlySpan<byte> message)
    {
        try
        {
            // A blocking socket takes all of it or fails; a part that went out would leave the stream without framing.
            if (_socket.Send(message) == message.Length) return SendOutcome.Sent;
            return End("a message went out in part only");
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return End($"send: {failure.Message}");
        }
    }

    public int Receive(Span<byte> buffer)
    {
        try
        {
            int count = _socket.Receive(buffer);
            if (count == 0) End("xenstored closed the connection");
            return count;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            End($"receive: {failure.Message}");
            return 0;
        }
    }

    public void Close()
    {
        End("closed by us");
        try
        {
            // Wakes a Receive under way; disposing alone would do so only by the runtime's grace.
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The other side was faster.
        }
    }

    public void Dispose()
    {
        Close();
        _socket.Dispose();
    }

    private SendOutcome End(string reason)
    {
        Interlocked.CompareExchange(ref _endReason, reason, "");
        return SendOutcome.Ended;
    }
}
