using XenDmHost.Host.Native;

namespace XenDmHost.Host.VhostUser;

/// <summary>
/// Reaches a back-end over its socket, as the client or as the listener. One call is one attempt and never waits: the
/// caller waits, for <see cref="RetryDelay"/> or until <see cref="Listener"/> is readable, beside its own wake-up.
/// </summary>
internal sealed class BackEndConnector : IDisposable
{
    private readonly string _path;
    private readonly UnixSocket? _listener;

    private BackEndConnector(string path, UnixSocket? listener)
    {
        _path = path;
        _listener = listener;
    }

    /// <summary>Readable when a back-end connects; null for a client.</summary>
    internal FileDescriptor? Listener => _listener?.Descriptor;

    /// <summary>The daemon listens at this path, now or later.</summary>
    internal static BackEndConnector ConnectTo(string path) => new(path, null);

    /// <summary>
    /// The host listens at this path; what a host that was killed left there is replaced. Throws
    /// <see cref="OsException"/> when it cannot listen: that is configuration.
    /// </summary>
    internal static BackEndConnector ListenAt(string path)
    {
        RemoveStale(path);
        return new BackEndConnector(path, UnixSocket.Listen(path, backlog: 1));
    }

    /// <summary>Removes a socket on which nobody listens any more, as a process that was killed leaves it.</summary>
    internal static void RemoveStale(string path)
    {
        if (IsStale(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>Connects, or takes a daemon that has connected, without waiting.</summary>
    internal ConnectAttempt TryOnce()
    {
        int result = _listener is null
            ? UnixSocket.TryConnect(_path, seqPacket: false, out UnixSocket? socket)
            : _listener.TryAccept(out socket);
        return socket is not null
            ? new ConnectAttempt(socket, 0, "")
            : new ConnectAttempt(null, -result, $"{_path}: {Errno.NameOf(-result)}: {(_listener is null ? WhyNotConnected(-result) : WhyNotAccepted(-result))}");
    }

    /// <summary>Stops listening and takes the path away.</summary>
    public void Dispose()
    {
        if (_listener is null)
        {
            return;
        }

        _listener.Dispose();
        try
        {
            File.Delete(_path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // Its folder was removed or closed to us meanwhile; what is left there is stale, and the next listener replaces it.
        }
    }

    /// <summary>A socket on which nobody listens any more. Another kind of file refuses connections too, and is not ours to remove.</summary>
    private static bool IsStale(string path)
    {
        if (!UnixSocket.IsSocket(path))
        {
            return false;
        }

        int result = UnixSocket.TryConnect(path, seqPacket: false, out UnixSocket? socket);
        socket?.Dispose();
        return result == -Errno.ECONNREFUSED;
    }

    private static string WhyNotConnected(int errno) => errno switch
    {
        Errno.ENOENT => "no socket there yet: start the back-end daemon, or correct \"socket\" in the guest file (some daemons append a number to the path: \"socketSuffix\")",
        Errno.ECONNREFUSED => "nobody listens there: the daemon has ended, or is opening its socket anew; start it again if it does not come back",
        Errno.EAGAIN => "the daemon does not take connections: another client has it, or it is starting",
        Errno.EACCES or Errno.EPERM => "no permission: let this user write to the socket and enter its folders",
        Errno.EPROTOTYPE => "a socket of another type: this is not a vhost-user back-end",
        Errno.ENOTDIR => "a part of the path is not a folder",
        _ => "the connection failed",
    };

    private static string WhyNotAccepted(int errno) => errno switch
    {
        Errno.EAGAIN => "no back-end daemon has connected yet: start it as a client of this socket",
        Errno.EMFILE => "no descriptor left: raise the limit of open files (ulimit -n)",
        _ => "the connection was not taken",
    };
}
