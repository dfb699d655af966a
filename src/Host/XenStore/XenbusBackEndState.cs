using System.Globalization;

namespace XenDmHost.Host.XenStore;

/// <summary>Our end's <c>state</c> node.</summary>
internal static class XenbusBackEndState
{
    /// <summary>
    /// Writes the state if the node still exists. Writing one that the toolstack has just removed would bring an
    /// empty device back to life, so node and write are one transaction; ENOENT says that it is gone.
    /// </summary>
    /// <param name="store">The client.</param>
    /// <param name="folder">The device's xenbus back-end folder.</param>
    /// <param name="state">The new state.</param>
    internal static XenStoreError Write(XenStoreClient store, string folder, XenbusState state)
    {
        string node = $"{folder}/state";
        string value = ((int)state).ToString(CultureInfo.InvariantCulture);
        return store.RunTransaction(transaction =>
        {
            XenStoreError error = transaction.Read(node).Error;
            return error != XenStoreError.None ? error : transaction.Write(node, value);
        });
    }

    /// <summary>
    /// Says that the device is closed. libxl removes the nodes of devices in dom0 then; those in a driver domain are that domain's
    /// to remove, and libxl waits for it (libxl_device.c, device_destroy_be_watch_cb).
    /// </summary>
    internal static void Close(XenStoreClient store, VirtioNodeAddress address)
    {
        if (Write(store, address.Path, XenbusState.Closed) == XenStoreError.None && !address.IsOfDom0) store.Remove(address.Path);
    }
}
