using XenDmHost.Host.Native;

namespace XenDmHost.Host.XenStore.Transport;

/// <summary>
/// The store behind /dev/xen/xenbus, which every domain has: one message a write, a stream of messages to read. A watch
/// that cannot be registered is told by the errno of the write, and no answer comes.
/// </summary>
internal sealed class DeviceTransport(IXenbusFile file) : IXenStoreTransport
{
    /// <summary>Where the device is; the second name is that of old kernels.</summary>
    internal static readonly string[] Paths = ["/dev/xen/xenbus", "/proc/xen/xenbus"];

    private string _endReason = "";

    public string EndReason => Volatile.Read(ref _endReason);

    /// <exception cref="OsException">There is no such device, or it is not for us.</exception>
    internal static DeviceTransport Open(string path) => new(XenbusFile.Open(path));

    public SendOutcome Send(ReadOnlySpan<byte> message)
    {
        int taken = file.Write(message);
        if (taken == message.Length) return SendOutcome.Sent;
        if (taken >= 0) return End($"write: {taken} of {message.Length} bytes were taken");
        return -taken is Errno.EBADF or Errno.ENODEV or Errno.EPIPE or Errno.EIO
            ? End($"write: {Errno.NameOf(-taken)}")
            : SendOutcome.Refused(XenStoreErrors.FromName(Errno.NameOf(-taken)));
    }

    public int Receive(Span<byte> buffer)
    {
        int count = file.Read(buffer);
        if (count > 0) return count;
        End(count == 0 ? "the device gave no more" : $"read: {Errno.NameOf(-count)}");
        return 0;
    }

    public void Close()
    {
        End("closed by us");
        file.Close();
    }

    public void Dispose()
    {
        Close();
        file.Dispose();
    }

    private SendOutcome End(string reason)
    {
        Interlocked.CompareExchange(ref _endReason, reason, "");
        return SendOutcome.Ended;
    }
}
