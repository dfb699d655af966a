using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;

namespace XenDmHost.UnitTests.VhostUser;

public sealed class BackEndConnectorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("connector").FullName;

    private string SocketPath => Path.Combine(_folder, "back-end.sock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_socket_that_is_not_there_is_enoent()
    {
        using BackEndConnector connector = BackEndConnector.ConnectTo(SocketPath);
        ConnectAttempt attempt = connector.TryOnce();
        Assert.False(attempt.IsConnected);
        Assert.Equal(Errno.ENOENT, attempt.ErrorNumber);
        Assert.StartsWith(SocketPath + ": ENOENT: no socket there yet: start the back-end daemon", attempt.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_that_a_daemon_left_behind_is_econnrefused()
    {
        UnixSocket.Listen(SocketPath, 1).Dispose();
        using BackEndConnector connector = BackEndConnector.ConnectTo(SocketPath);
        ConnectAttempt attempt = connector.TryOnce();
        Assert.Equal(Errno.ECONNREFUSED, attempt.ErrorNumber);
        Assert.Contains("nobody listens there", attempt.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_daemon_that_takes_nobody_is_eagain()
    {
        using UnixSocket daemon = UnixSocket.Listen(SocketPath, 0);
        using BackEndConnector connector = BackEndConnector.ConnectTo(SocketPath);
        using UnixSocket? first = connector.TryOnce().Socket;
        ConnectAttempt attempt = connector.TryOnce();
        Assert.Equal(Errno.EAGAIN, attempt.ErrorNumber);
        Assert.Contains("another client has it", attempt.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_daemon_that_listens_is_reached()
    {
        using UnixSocket daemon = UnixSocket.Listen(SocketPath, 1);
        using BackEndConnector connector = BackEndConnector.ConnectTo(SocketPath);
        ConnectAttempt attempt = connector.TryOnce();
        using UnixSocket? socket = attempt.Socket;
        Assert.True(attempt.IsConnected);
        Assert.Equal("", attempt.Problem);
        Assert.Null(connector.Listener);
    }

    [Fact]
    public void A_daemon_that_connects_is_taken()
    {
        using BackEndConnector connector = BackEndConnector.ListenAt(SocketPath);
        Assert.Equal(Errno.EAGAIN, connector.TryOnce().ErrorNumber);
        Assert.Equal(0, UnixSocket.TryConnect(SocketPath, seqPacket: false, out UnixSocket? daemon));
        using (daemon)
        {
            Assert.True(Poller.IsReady(connector.Listener!, Libc.PollIn));
            using UnixSocket? socket = connector.TryOnce().Socket;
            Assert.NotNull(socket);
        }
    }

    [Fact]
    public void A_listener_takes_its_path_away_and_replaces_one_that_was_left_behind()
    {
        UnixSocket.Listen(SocketPath, 1).Dispose();
        BackEndConnector.ListenAt(SocketPath).Dispose();
        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public void A_path_at_which_somebody_listens_or_keeps_a_file_is_not_taken()
    {
        using (UnixSocket.Listen(SocketPath, 8))
        {
            Assert.Equal(Errno.EADDRINUSE, Assert.Throws<OsException>(() => BackEndConnector.ListenAt(SocketPath)).Errno);
        }

        string file = Path.Combine(_folder, "a-file");
        File.WriteAllText(file, "mine");
        Assert.Throws<OsException>(() => BackEndConnector.ListenAt(file));
        Assert.Equal("mine", File.ReadAllText(file));
    }
}
