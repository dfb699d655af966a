using XenDmHost.Host.Native;

namespace XenDmHost.Host.VhostUser;

/// <summary>
/// The memory in which a back-end keeps which requests it works on (vhost-user.rst, "Inflight I/O tracking"). It outlives
/// the back-end: the next one goes by it. The host never looks inside and never maps it.
/// </summary>
internal sealed class InflightBuffer : IDisposable
{
    /// <summary>More than any device needs, in bytes: 64 queues of 32768 entries of 32 bytes.</summary>
    internal const ulong MaxSize = 64UL << 20;

    private InflightBuffer(FileDescriptor descriptor, ulong offset, ulong size, ushort queueCount, ushort queueSize)
    {
        Descriptor = descriptor;
        Offset = offset;
        Size = size;
        QueueCount = queueCount;
        QueueSize = queueSize;
    }

    internal FileDescriptor Descriptor { get; }

    /// <summary>Where it starts in the file, in bytes.</summary>
    internal ulong Offset { get; }

    /// <summary>In bytes.</summary>
    internal ulong Size { get; }

    internal ushort QueueCount { get; }

    /// <summary>The entries of the largest queue.</summary>
    internal ushort QueueSize { get; }

    /// <summary>Takes what a back-end gave, or says why it cannot be used. The next back-end maps it without a look.</summary>
    /// <param name="descriptor">Owned from here on, also when it is refused.</param>
    /// <param name="offset">As the back-end says.</param>
    /// <param name="size">As the back-end says.</param>
    /// <param name="queueCount">The number of queues that it was asked for.</param>
    /// <param name="queueSize">The queue size that it was asked for.</param>
    /// <param name="buffer">The buffer; null when it is refused.</param>
    internal static string? TryTake(
        FileDescriptor? descriptor, ulong offset, ulong size, ushort queueCount, ushort queueSize, out InflightBuffer? buffer)
    {
        string? refusal = descriptor is null ? "no descriptor came with the answer" : Refusal(Memfd.SizeOf(descriptor), offset, size);
        buffer = refusal is null ? new InflightBuffer(descriptor!, offset, size, queueCount, queueSize) : null;
        if (refusal is not null)
        {
            descriptor?.Dispose();
        }

        return refusal;
    }

    public void Dispose() => Descriptor.Dispose();

    private static string? Refusal(long fileSize, ulong offset, ulong size)
    {
        if (size is 0 or > MaxSize)
        {
            return $"a buffer of {size} bytes, where 1 to {MaxSize} are possible";
        }

        return fileSize < 0 || offset > (ulong)fileSize || size > (ulong)fileSize - offset
            ? $"{size} bytes at {offset}, in a file of {Math.Max(fileSize, 0)} bytes"
            : null;
    }
}
