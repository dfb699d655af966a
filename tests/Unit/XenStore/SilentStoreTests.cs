using System.Collections.Concurrent;
using System.Net.Sockets;
using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Transport;
using XenDmHost.UnitTests.Config;

namespace XenDmHost.UnitTests.XenStore;

/// <summary>A store that takes no connection, takes no message, or never ends: whoever meets it goes on after a while.</summary>
public sealed class SilentStoreTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60), s_short = TimeSpan.FromMilliseconds(100);
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _store = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<Socket> _others = [];
    private readonly ConcurrentQueue<Exception> _failures = [];

    private string SocketPath => Path.Combine(_folder.Path, "socket");

    public void Dispose()
    {
        _others.ForEach(socket => socket.Dispose());
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_store_that_takes_no_connection_is_an_error()
    {
        Listen();
        while (TryConnect())
        {
        }

        Task<IOException> refused = Task.Run(() => Assert.Throws<IOException>(() => UnixSocketTransport.Connect(SocketPath, s_short)));
        Assert.Contains("is xenstored running", (await refused.WaitAsync(s_limit)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_takes_no_message_ends_the_connection()
    {
        Listen();
        using UnixSocketTransport transport = UnixSocketTransport.Connect(SocketPath, s_short);
        byte[] message = new byte[4096];
        Task send = Task.Run(() =>
        {
            while (transport.Send(message).Alive)
            {
            }
        });
        await send.WaitAsync(s_limit);
        Assert.StartsWith("send: ", transport.EndReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_does_not_end_is_said_and_left_alone()
    {
        using EndlessTransport endless = new();
        XenStoreClient client = XenStoreClient.Connect(() => endless, new XenStoreClientOptions { EndLimit = s_short, CallbackFailed = _failures.Enqueue });
        await Task.Run(client.Dispose).WaitAsync(s_limit);
        Assert.Contains(_failures, failure => failure.Message.Contains("xenstore's reader has not ended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_callback_that_does_not_end_is_said_and_left_alone()
    {
        using ManualResetEventSlim entered = new(), goOn = new();
        XenStoreClient client = XenStoreClient.Connect(
            () => new ScriptedTransport(), new XenStoreClientOptions { EndLimit = s_short, CallbackFailed = _failures.Enqueue });
        client.Post(() =>
        {
            entered.Set();
            goOn.Wait(s_limit);
        });
        Assert.True(entered.Wait(s_limit));
        await Task.Run(client.Dispose).WaitAsync(s_limit);

        // On a busy machine others may need longer than that, and are said too.
        Assert.Contains(_failures, failure => failure.Message.Contains("a callback of xenstore has not ended", StringComparison.Ordinal));
        goOn.Set();
    }

    private void Listen()
    {
        _store.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _store.Listen(0);
    }

    private bool TryConnect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        _others.Add(socket);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
            return true;
        }
        catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
        {
            return false;
        }
    }

    /// <summary>Its wait for bytes ends with the test and not with the connection.</summary>
    private sealed class EndlessTransport : IXenStoreTransport
    {
        private readonly ManualResetEventSlim _over = new();

        public string EndReason => "";

        public SendOutcome Send(ReadOnlySpan<byte> message) => SendOutcome.Sent;

        public int Receive(Span<byte> buffer)
        {
            _over.Wait(s_limit);
            return 0;
        }

        public void Close()
        {
        }

        public void Dispose() => _over.Set();
    }
}
