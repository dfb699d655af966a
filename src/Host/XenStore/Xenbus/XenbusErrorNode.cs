namespace XenDmHost.Host.XenStore.Xenbus;

/// <summary>Where a driver says why it gave a device up, as Linux does (xenbus_client.c, xenbus_va_dev_error).</summary>
internal static class XenbusErrorNode
{
    /// <summary><c>/local/domain/0/error/backend/virtio-mmio/5/0</c> of <c>/local/domain/0/backend/virtio-mmio/5/0</c>.</summary>
    internal static string Folder(string deviceFolder)
    {
        int end = deviceFolder.IndexOf("/backend/", StringComparison.Ordinal);
        return end < 0 ? $"error/{deviceFolder}" : $"{deviceFolder[..end]}/error{deviceFolder[end..]}";
    }

    internal static XenStoreError Write(XenStoreClient store, string deviceFolder, int errno, string reason)
    {
        string text = $"{errno} {reason}";
        string line = string.Concat(text.Take(1024).Select(c => c < 0x80 ? c : '?'));
        return store.Write($"{Folder(deviceFolder)}/error", line);
    }
}
