using System.Text;
using Tmds.Linux;

namespace XenDmHost.Simulation.Native;

/// <summary>A Unix socket that passes descriptors: .NET's own sockets cannot.</summary>
internal sealed unsafe class UnixSocket : IDisposable
{
    private readonly string _name;

    private UnixSocket(FileDescriptor fd, string name) => (Fd, _name) = (fd, name);

    internal FileDescriptor Fd { get; }

    /// <summary>Takes ownership of a connected socket that somebody sent.</summary>
    internal static UnixSocket From(FileDescriptor fd) => new(fd, $"socket {fd.Value}");

    /// <summary>Listens on a path that does not exist yet; removing it again is the caller's.</summary>
    internal static UnixSocket Listen(string path, UnixSocketKind kind = UnixSocketKind.Stream)
    {
        UnixSocket socket = new(New(kind), path);
        sockaddr_un address = Address(path, out int length);
        Os.Check(LibC.bind(socket.Fd.Value, (sockaddr*)&address, length), "bind", path);
        Os.Check(LibC.listen(socket.Fd.Value, 16), "listen", path);
        return socket;
    }

    internal static UnixSocket Connect(string path, UnixSocketKind kind = UnixSocketKind.Stream)
    {
        UnixSocket socket = new(New(kind), path);
        sockaddr_un address = Address(path, out int length);
        try
        {
            Os.Check(LibC.connect(socket.Fd.Value, (sockaddr*)&address, length), "connect", path);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal static (UnixSocket One, UnixSocket Other) Pair(UnixSocketKind kind = UnixSocketKind.Stream)
    {
        int* ends = stackalloc int[2];
        Os.Check(LibC.socketpair(LibC.AF_UNIX, Type(kind), 0, ends), "socketpair", "a new pair");
        return (From(new(ends[0])), From(new(ends[1])));
    }

    /// <summary>Waits without limit for a client; wait on <see cref="Fd"/> first where there is one.</summary>
    internal UnixSocket Accept()
    {
        using Lease lease = new(Fd);
        int client;
        do
        {
            client = LibC.accept4(lease.Fd, null, null, LibC.SOCK_CLOEXEC);
        }
        while (client < 0 && LibC.errno == Errno.EINTR);
        return new(new FileDescriptor(Os.Check(client, "accept", _name)), _name);
    }

    /// <summary>
    /// Sends everything; the descriptors travel with the first byte. False when the peer is gone, or when a non-blocking
    /// socket is full before the first byte.
    /// </summary>
    internal bool Send(ReadOnlySpan<byte> data, params ReadOnlySpan<FileDescriptor> fds)
    {
        int sent = SendOnce(data, fds);
        while (sent >= 0 && sent < data.Length)
        {
            int more = SendOnce(data[sent..], default);
            sent = more < 0 ? more : sent + more;
        }
        return sent >= 0;
    }

    /// <summary>Sends what there is room for, without waiting: a number of bytes, 0 for a full socket, -1 when the peer is gone.</summary>
    internal int SendSome(ReadOnlySpan<byte> data)
    {
        using Lease lease = new(Fd);
        fixed (byte* bytes = data)
        {
            while (true)
            {
                int sent = (int)(long)LibC.send(lease.Fd, bytes, data.Length, LibC.MSG_NOSIGNAL | LibC.MSG_DONTWAIT);
                if (sent >= 0) return sent;
                int error = LibC.errno;
                if (error == Errno.EAGAIN) return 0;
                if (error is Errno.EPIPE or Errno.ECONNRESET) return -1;
                if (error != Errno.EINTR) throw new OsException("send", _name, error);
            }
        }
    }

    /// <summary>Tells the peer that nothing more will be sent; receiving goes on.</summary>
    internal void EndSending()
    {
        using Lease lease = new(Fd);
        _ = LibC.shutdown(lease.Fd, LibC.SHUT_WR);
    }

    /// <summary>
    /// One recvmsg. Every descriptor that came is added to <paramref name="fds"/>, whose owner closes them. A stream may
    /// give fewer bytes than asked for.
    /// </summary>
    internal SocketRead Receive(Span<byte> buffer, List<FileDescriptor> fds)
    {
        byte* control = stackalloc byte[ControlMessages.BufferSize];
        fixed (byte* bytes = buffer)
        {
            iovec part = new() { iov_base = bytes, iov_len = buffer.Length };
            msghdr message = new()
            {
                msg_iov = &part,
                msg_iovlen = 1,
                msg_control = control,
                msg_controllen = ControlMessages.BufferSize,
            };
            int received = ReceiveOnce(&message);
            if (received > 0) ControlMessages.Take(&message, fds);
            return new(received, Has(message, LibC.MSG_TRUNC), Has(message, LibC.MSG_CTRUNC));
        }
    }

    /// <summary>Wakes whoever waits on either end; the descriptor itself stays open until disposed.</summary>
    internal void Shutdown()
    {
        using Lease lease = new(Fd);
        _ = LibC.shutdown(lease.Fd, LibC.SHUT_RDWR);
    }

    public void Dispose() => Fd.Dispose();

    private static bool Has(in msghdr message, int flag) => (message.msg_flags & flag) != 0;

    private static int Type(UnixSocketKind kind) =>
        LibC.SOCK_CLOEXEC | (kind == UnixSocketKind.Stream ? LibC.SOCK_STREAM : LibC.SOCK_SEQPACKET);

    private static FileDescriptor New(UnixSocketKind kind) =>
        new(Os.Check(LibC.socket(LibC.AF_UNIX, Type(kind), 0), "socket", "AF_UNIX"));

    private static sockaddr_un Address(string path, out int length)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(path);
        sockaddr_un address = new() { sun_family = LibC.AF_UNIX };
        if (bytes.Length >= sockaddr_un.sun_path_length)
        {
            throw new ArgumentException(
                $"the socket path '{path}' has {bytes.Length} bytes, {sockaddr_un.sun_path_length - 1} is the most", nameof(path));
        }
        bytes.CopyTo(new Span<byte>(address.sun_path, sockaddr_un.sun_path_length));
        length = sizeof(sockaddr_un);
        return address;
    }

    private int SendOnce(ReadOnlySpan<byte> data, ReadOnlySpan<FileDescriptor> fds)
    {
        int space = ControlMessages.SpaceFor(fds.Length);
        byte* control = stackalloc byte[space];
        fixed (byte* bytes = data)
        {
            iovec part = new() { iov_base = bytes, iov_len = data.Length };
            msghdr message = new() { msg_iov = &part, msg_iovlen = 1, msg_control = control, msg_controllen = space };
            if (fds.Length > 0) ControlMessages.Write(&message, fds);
            return SendMessage(&message);
        }
    }

    private int SendMessage(msghdr* message)
    {
        using Lease lease = new(Fd);
        while (true)
        {
            int sent = (int)(long)LibC.sendmsg(lease.Fd, message, LibC.MSG_NOSIGNAL);
            if (sent >= 0) return sent;
            int error = LibC.errno;
            if (error is Errno.EPIPE or Errno.ECONNRESET or Errno.EAGAIN) return -1;
            if (error != Errno.EINTR) throw new OsException("sendmsg", _name, error);
        }
    }

    /// <summary>0 when the peer is gone, -1 when nothing is there on a non-blocking socket.</summary>
    private int ReceiveOnce(msghdr* message)
    {
        using Lease lease = new(Fd);
        while (true)
        {
            int received = (int)(long)LibC.recvmsg(lease.Fd, message, LibC.MSG_CMSG_CLOEXEC);
            if (received >= 0) return received;
            int error = LibC.errno;
            if (error is Errno.EPIPE or Errno.ECONNRESET) return 0;
            if (error == Errno.EAGAIN) return -1;
            if (error != Errno.EINTR) throw new OsException("recvmsg", _name, error);
        }
    }
}
