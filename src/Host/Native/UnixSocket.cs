using System.Runtime.InteropServices;
using System.Text;
using Tmds.Linux;

namespace XenDmHost.Host.Native;

/// <summary>
/// A non-blocking Unix socket that carries file descriptors. Results are counts or negative errnos, because the peer is
/// not trusted and its behaviour is not an exception.
/// </summary>
internal sealed unsafe class UnixSocket : IDisposable
{
    /// <summary>The most descriptors that Linux carries in one message (SCM_MAX_FD).</summary>
    internal const int MaxDescriptors = 253;

    /// <summary>The longest path of a Unix socket, without the closing NUL (sun_path).</summary>
    internal const int MaxPath = 107;

    internal UnixSocket(FileDescriptor descriptor) => Descriptor = descriptor;

    internal FileDescriptor Descriptor { get; }

    /// <summary>Connects. A full backlog is -EAGAIN, a missing path -ENOENT, a stale one -ECONNREFUSED.</summary>
    internal static int TryConnect(string path, bool seqPacket, out UnixSocket? socket)
    {
        sockaddr_un address = AddressOf(path, out int length);
        UnixSocket made = Create(seqPacket);
        if (LibC.connect(made.Descriptor.Value, (sockaddr*)&address, length) == 0)
        {
            socket = made;
            return 0;
        }

        int errno = Marshal.GetLastPInvokeError();
        made.Dispose();
        socket = null;
        return -errno;
    }

    /// <summary>Listens on a path that does not exist yet.</summary>
    internal static UnixSocket Listen(string path, int backlog)
    {
        sockaddr_un address = AddressOf(path, out int length);
        UnixSocket made = Create(seqPacket: false);
        if (LibC.bind(made.Descriptor.Value, (sockaddr*)&address, length) < 0 || LibC.listen(made.Descriptor.Value, backlog) < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            made.Dispose();
            throw new OsException("bind", path, errno, errno == Errno.EADDRINUSE ? "another process listens there, or remove the stale file" : null);
        }

        return made;
    }

    /// <summary>Whether there is a socket at this path, and not another kind of file.</summary>
    internal static bool IsSocket(string path)
    {
        stat info;
        fixed (byte* start = Encoding.UTF8.GetBytes(path + "\0"))
        {
            return LibC.stat(start, &info) == 0 && (info.st_mode & LibC.S_IFMT) == LibC.S_IFSOCK;
        }
    }

    /// <summary>Takes a waiting connection, or -EAGAIN.</summary>
    internal int TryAccept(out UnixSocket? socket)
    {
        int fd = LibC.accept4(Descriptor.Value, null, null, LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK);
        socket = fd < 0 ? null : new UnixSocket(new FileDescriptor(fd));
        return fd < 0 ? -Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>Two connected stream sockets.</summary>
    internal static (UnixSocket Ours, UnixSocket Theirs) Pair()
    {
        int* fds = stackalloc int[2];
        if (LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_STREAM | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, 0, fds) < 0)
        {
            OsException.ThrowLast("socketpair", "unix socket");
        }

        return (new UnixSocket(new FileDescriptor(fds[0])), new UnixSocket(new FileDescriptor(fds[1])));
    }

    /// <summary>
    /// Lets calls on this end wait, for a peer that gets it and expects that: O_NONBLOCK travels with the descriptor.
    /// </summary>
    internal void SetBlocking()
    {
        int flags = LibC.fcntl(Descriptor.Value, LibC.F_GETFL);
        if (flags < 0 || LibC.fcntl(Descriptor.Value, LibC.F_SETFL, flags & ~LibC.O_NONBLOCK) < 0)
        {
            OsException.ThrowLast("fcntl", "unix socket");
        }
    }

    /// <summary>Sends bytes and descriptors in one sendmsg.</summary>
    /// <returns>The number of bytes taken, or a negative errno.</returns>
    internal int TrySend(ReadOnlySpan<byte> bytes, ReadOnlySpan<FileDescriptor> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, 32);
        byte* control = stackalloc byte[LibC.CMSG_SPACE(32 * sizeof(int))];
        fixed (byte* start = bytes)
        {
            iovec vector = new() { iov_base = start, iov_len = bytes.Length };
            msghdr message = default;
            message.msg_iov = &vector;
            message.msg_iovlen = 1;
            if (descriptors.Length > 0)
            {
                AttachDescriptors(&message, control, descriptors);
            }

            ssize_t sent = LibC.sendmsg(Descriptor.Value, &message, LibC.MSG_NOSIGNAL | LibC.MSG_DONTWAIT);
            return (long)sent < 0 ? -Marshal.GetLastPInvokeError() : (int)(long)sent;
        }
    }

    /// <summary>Receives bytes and whatever descriptors came with them; each gets its owner here.</summary>
    /// <returns>The number of bytes, 0 at the end of the stream, or a negative errno.</returns>
    internal int TryReceive(Span<byte> bytes, List<FileDescriptor> descriptors)
    {
        int controlSize = LibC.CMSG_SPACE(MaxDescriptors * sizeof(int));
        byte* control = stackalloc byte[controlSize];
        fixed (byte* start = bytes)
        {
            iovec vector = new() { iov_base = start, iov_len = bytes.Length };
            msghdr message = default;
            message.msg_iov = &vector;
            message.msg_iovlen = 1;
            message.msg_control = control;
            message.msg_controllen = controlSize;
            ssize_t received = LibC.recvmsg(Descriptor.Value, &message, LibC.MSG_CMSG_CLOEXEC | LibC.MSG_DONTWAIT);
            if ((long)received < 0)
            {
                return -Marshal.GetLastPInvokeError();
            }

            TakeDescriptors(&message, descriptors);
            return (int)(long)received;
        }
    }

    public void Dispose() => Descriptor.Dispose();

    private static UnixSocket Create(bool seqPacket)
    {
        int type = (seqPacket ? LibC.SOCK_SEQPACKET : LibC.SOCK_STREAM) | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK;
        int fd = LibC.socket(LibC.AF_UNIX, type, 0);
        if (fd < 0)
        {
            OsException.ThrowLast("socket", "unix socket", "raise the limit of open files (ulimit -n)");
        }

        return new UnixSocket(new FileDescriptor(fd));
    }

    private static sockaddr_un AddressOf(string path, out int length)
    {
        sockaddr_un address = default;
        address.sun_family = (ushort)LibC.AF_UNIX;
        byte[] bytes = Encoding.UTF8.GetBytes(path);
        if (bytes.Length > MaxPath)
        {
            throw new OsException("connect", path, 36, $"a socket's path has at most {MaxPath} bytes");
        }

        bytes.AsSpan().CopyTo(new Span<byte>(address.sun_path, MaxPath));
        length = sizeof(ushort) + bytes.Length + 1;
        return address;
    }

    private static void AttachDescriptors(msghdr* message, byte* control, ReadOnlySpan<FileDescriptor> descriptors)
    {
        int size = descriptors.Length * sizeof(int);
        new Span<byte>(control, LibC.CMSG_SPACE(size)).Clear();
        message->msg_control = control;
        message->msg_controllen = LibC.CMSG_SPACE(size);
        cmsghdr* header = LibC.CMSG_FIRSTHDR(message);
        header->cmsg_level = LibC.SOL_SOCKET;
        header->cmsg_type = LibC.SCM_RIGHTS;

        // Not LibC.CMSG_LEN: it counts the padding, and an odd number of descriptors would be followed by one that nobody meant.
        header->cmsg_len = sizeof(cmsghdr) + size;
        int* slots = (int*)LibC.CMSG_DATA(header);
        for (int i = 0; i < descriptors.Length; i++)
        {
            slots[i] = descriptors[i].Value;
        }
    }

    private static void TakeDescriptors(msghdr* message, List<FileDescriptor> descriptors)
    {
        for (cmsghdr* header = LibC.CMSG_FIRSTHDR(message); header != null; header = LibC.CMSG_NXTHDR(message, header))
        {
            if (header->cmsg_level != LibC.SOL_SOCKET || header->cmsg_type != LibC.SCM_RIGHTS)
            {
                continue;
            }

            byte* data = LibC.CMSG_DATA(header);
            int count = (int)((long)(ulong)header->cmsg_len - (data - (byte*)header)) / sizeof(int);
            for (int i = 0; i < count; i++)
            {
                descriptors.Add(new FileDescriptor(((int*)data)[i]));
            }
        }
    }
}
