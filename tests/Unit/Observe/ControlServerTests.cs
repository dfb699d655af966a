using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using XenDmHost.Host.Observe.Control;
using XenDmHost.UnitTests.Config;

namespace XenDmHost.UnitTests.Observe;

/// <summary>Clients of the control socket that are silent, slow or gone, and the end of a host meanwhile.</summary>
public sealed class ControlServerTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private readonly LineLogger _log = new();
    private readonly ManualResetEventSlim _entered = new(), _goOn = new();

    private string SocketPath => Path.Combine(_folder.Path, "work.control");

    public void Dispose()
    {
        _goOn.Set();
        _folder.Dispose();
    }

    [Fact]
    public void A_client_that_says_nothing_is_left_for_the_next_one()
    {
        using ControlServer server = Start(new ControlLimits(PatienceMs: 200, EndMs: 30_000));
        using Socket silent = Connect();
        Assert.Equal("work", Ask("name"));
        Assert.Equal(0, silent.Receive(new byte[1]));
    }

    [Fact]
    public void A_client_that_says_a_byte_now_and_then_is_left_too()
    {
        using ControlServer server = Start(new ControlLimits(PatienceMs: 3000, EndMs: 30_000));
        using Socket slow = Connect();
        using Timer pace = new(_ => TrySend(slow), null, 0, 50);
        Assert.Equal("work", Ask("name"));
    }

    [Fact]
    public async Task The_end_of_the_host_does_not_wait_for_a_client_that_says_nothing()
    {
        ControlServer server = Start(new ControlLimits(PatienceMs: 300, EndMs: 60_000));
        using Socket silent = Connect();
        await Task.Run(server.Dispose).WaitAsync(Limit);
        Assert.False(File.Exists(SocketPath));
        Assert.Empty(_log.Critical);
    }

    [Fact]
    public async Task A_command_that_does_not_end_is_said_and_does_not_keep_the_host()
    {
        ControlServer server = Start(new ControlLimits(PatienceMs: 60_000, EndMs: 100));
        using Socket client = Connect();
        ControlMessage.Write(client, new JsonObject { ["command"] = "wait" });
        Assert.True(_entered.Wait(Limit));
        await Task.Run(server.Dispose).WaitAsync(Limit);
        Assert.Contains("has not ended within 100 ms", Assert.Single(_log.Critical), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_at_which_another_host_has_fallen_asleep_is_not_waited_for()
    {
        using Socket asleep = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        asleep.Bind(new UnixDomainSocketEndPoint(SocketPath));
        asleep.Listen(0);
        List<Socket> waiting = FillBacklog();
        await Task.Run(() => Assert.Null(TryStart(ControlLimits.Default))).WaitAsync(Limit);
        Assert.True(File.Exists(SocketPath));
        waiting.ForEach(socket => socket.Dispose());
    }

    /// <summary>Connections that nobody accepts, until no more can wait.</summary>
    private List<Socket> FillBacklog()
    {
        List<Socket> waiting = [];
        while (true)
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
            waiting.Add(socket);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
            }
            catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
            {
                return waiting;
            }
        }
    }

    private ControlServer Start(ControlLimits limits) => TryStart(limits) ?? throw new InvalidOperationException("no control socket");

    private ControlServer? TryStart(ControlLimits limits) => ControlServer.TryStart(
        SocketPath,
        new Dictionary<string, Func<JsonObject, JsonObject>>
        {
            ["name"] = _ => new JsonObject { ["ok"] = true, ["name"] = "work" },
            ["wait"] = _ =>
            {
                _entered.Set();
                _goOn.Wait(Limit);
                return new JsonObject { ["ok"] = true };
            },
        },
        _log,
        limits);

    private Socket Connect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = (int)Limit.TotalMilliseconds };
        socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
        return socket;
    }

    private string? Ask(string command)
    {
        using Socket socket = Connect();
        ControlMessage.Write(socket, new JsonObject { ["command"] = command });
        return ControlMessage.Read(socket, 4096, (int)Limit.TotalMilliseconds)?["name"]?.GetValue<string>();
    }

    private static void TrySend(Socket socket)
    {
        try
        {
            socket.Send(" "u8);
        }
        catch (Exception left) when (left is SocketException or ObjectDisposedException)
        {
            // The server has had enough.
        }
    }

    private sealed class LineLogger : ILogger
    {
        internal List<string> Critical { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Critical)
            {
                Critical.Add(formatter(state, exception));
            }
        }
    }
}
