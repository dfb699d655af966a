namespace XenDmHost.Host.Native.Xen;

/// <summary>
/// /dev/xen/evtchn: an open file with ports of its own, which end with it. Read and Unmask are for one thread, everything
/// else for any.
/// </summary>
internal sealed unsafe class Evtchn : IDisposable
{
    internal const string Path = "/dev/xen/evtchn";

    private readonly FileDescriptor _descriptor;
    private readonly PortStream _stream;

    /// <param name="descriptor">The open device; owned from here on.</param>
    internal Evtchn(FileDescriptor descriptor)
    {
        _descriptor = descriptor;
        _stream = new PortStream(descriptor);
    }

    /// <exception cref="OsException">The device is not there or may not be opened.</exception>
    internal static Evtchn Open() => new(XenDevice.Open(Path));

    /// <summary>Binds to a port that a domain allocated for this one. The new port is pending once.</summary>
    /// <returns>The local port, or a negative errno: -EINVAL when the port is not one for us, or bound already.</returns>
    internal int TryBindInterdomain(uint domid, uint remotePort)
    {
        EvtchnBindInterdomain call = new() { RemoteDomain = domid, RemotePort = remotePort };
        return XenDevice.Control(_descriptor, EvtchnRequest.BindInterdomain, &call);
    }

    /// <summary>Makes a port that the domain may bind to.</summary>
    /// <returns>The local port, or a negative errno.</returns>
    internal int TryBindUnbound(uint domid) => Control(EvtchnRequest.BindUnboundPort, domid);

    /// <summary>Gives a port back; the other end is unbound again.</summary>
    internal int TryUnbind(uint port) => Control(EvtchnRequest.Unbind, port);

    /// <summary>Makes the other end pending; no error when that is gone.</summary>
    internal int TryNotify(uint port) => Control(EvtchnRequest.Notify, port);

    /// <summary>Empties the ring of pending ports after it had overflowed.</summary>
    internal int TryReset() => XenDevice.Control(_descriptor, EvtchnRequest.Reset, null);

    /// <summary>From now on only ports of this domain can be bound; those that are bound stay.</summary>
    internal int TryRestrict(uint domid)
    {
        ushort value = (ushort)domid;
        return XenDevice.Control(_descriptor, EvtchnRequest.RestrictDomid, &value);
    }

    /// <inheritdoc cref="PortStream.Read"/>
    internal int Read(Span<uint> ports) => _stream.Read(ports);

    /// <inheritdoc cref="PortStream.Write"/>
    internal void Unmask(ReadOnlySpan<uint> ports) => _stream.Write(ports);

    public void Dispose() => _stream.Dispose();

    private int Control(uint request, uint argument) => XenDevice.Control(_descriptor, request, &argument);
}
