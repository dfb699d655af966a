namespace XenDmHost.Host.XenStore.Transport;

/// <summary>
/// An open /dev/xen/xenbus (Linux, drivers/xen/xenbus/xenbus_dev_frontend.c). One thread reads, one at a time writes.
/// </summary>
internal interface IXenbusFile : IDisposable
{
    /// <summary>
    /// write(2). The kernel takes the first whole message of a write and drops what stands behind it, so one call is one
    /// message of at most 4096 bytes.
    /// </summary>
    /// <returns>The number of bytes taken, or a negative errno.</returns>
    int Write(ReadOnlySpan<byte> message);

    /// <summary>read(2): waits for bytes, any part of any number of messages.</summary>
    /// <returns>The number of bytes; 0 after <see cref="Close"/> and at the end; or a negative errno.</returns>
    int Read(Span<byte> buffer);

    /// <summary>Ends a <see cref="Read"/> that waits, and every later one; any thread.</summary>
    void Close();
}
