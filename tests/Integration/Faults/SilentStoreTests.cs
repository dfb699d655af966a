using System.Net.Sockets;
using XenDmHost.IntegrationTests.EndToEnd;

namespace XenDmHost.IntegrationTests.Faults;

/// <summary>A xenstored that is there and does nothing: the host can be ended all the same, in order.</summary>
public sealed class SilentStoreTests : IDisposable
{
    private readonly Trial _trial = new();
    private readonly Socket _store = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<Socket> _others = [];

    public void Dispose()
    {
        _others.ForEach(socket => socket.Dispose());
        _store.Dispose();
        _trial.Dispose();
    }

    [Fact]
    public async Task A_host_whose_requests_nobody_answers_ends_when_it_is_asked_to()
    {
        Listen(backlog: 8);
        ProgramProcess host = _trial.Run(GuestFile());
        using Socket accepted = await _store.AcceptAsync().WaitAsync(Trial.Limit);
        accepted.ReceiveTimeout = (int)Trial.Limit.TotalMilliseconds;
        Assert.True(accepted.Receive(new byte[64]) > 0);
        Trial.End(host);
    }

    [Fact]
    public void A_host_whose_connection_nobody_takes_says_so_and_ends_when_it_is_asked_to()
    {
        Listen(backlog: 0);
        while (TryConnect())
        {
        }

        ProgramProcess host = _trial.Run(GuestFile());
        host.Errors.Expect("waiting for xenstore");
        Trial.End(host);
    }

    private string GuestFile() => _trial.Write("guest.json", GuestFiles.Of([GuestFiles.Disk(0, [])]));

    private void Listen(int backlog)
    {
        _store.Bind(new UnixDomainSocketEndPoint(SocketPath()));
        _store.Listen(backlog);
    }

    private string SocketPath()
    {
        Directory.CreateDirectory(_trial.PathOf("trial"));
        return Path.Combine(_trial.PathOf("trial"), "xenstored.sock");
    }

    private bool TryConnect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        _others.Add(socket);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(SocketPath()));
            return true;
        }
        catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
        {
            return false;
        }
    }
}
