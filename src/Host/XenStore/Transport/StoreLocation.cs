using System.Globalization;

namespace XenDmHost.Host.XenStore.Transport;

/// <summary>
/// Where the store of this domain is: the daemon's socket where there is a daemon, else the kernel's device, which is
/// there in a driver domain and where xenstored is a domain of its own. libxenstore looks in the same order.
/// </summary>
/// <param name="SocketPath">The daemon's socket.</param>
/// <param name="DevicePaths">The names of the device, in the order of trial.</param>
internal sealed record StoreLocation(string SocketPath, IReadOnlyList<string> DevicePaths)
{
    /// <summary>XENSTORED_PATH, XENSTORED_RUNDIR, or the fixed places.</summary>
    internal static StoreLocation OfThisDomain => new(UnixSocketTransport.DefaultPath, DeviceTransport.Paths);

    /// <summary>Opens the first that is there. A socket that refuses is no reason to go to the device: its daemon will come.</summary>
    /// <exception cref="IOException">None is there; the text says what to do.</exception>
    internal IXenStoreTransport Open()
    {
        if (Path.Exists(SocketPath)) return UnixSocketTransport.Connect(SocketPath);
        return DevicePaths.FirstOrDefault(Path.Exists) is { } device
            ? DeviceTransport.Open(device)
            : throw new IOException(
                $"no xenstore: there is neither {SocketPath} nor {DevicePaths[0]}: is this a Xen domain, and is xenstored running?");
    }

    /// <summary>Connects a client and makes sure that somebody answers.</summary>
    /// <exception cref="IOException">Nobody is there, or nobody answers.</exception>
    internal XenStoreClient Connect(XenStoreClientOptions options)
    {
        XenStoreClient client = XenStoreClient.Connect(Open, options);

        // The device can be opened before there is a xenstored behind it.
        if (client.Read("domid").Error is not (XenStoreError.TimedOut or XenStoreError.Disconnected)) return client;
        client.Dispose();
        throw new IOException("xenstore does not answer: is xenstored running?");
    }

    /// <summary>The domain that this process runs in; 0 where the store does not say, as only dom0's can.</summary>
    internal static uint OwnDomid(XenStoreOperations store) =>
        store.TryRead("domid", out string text) && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint domid) ? domid : 0;
}
