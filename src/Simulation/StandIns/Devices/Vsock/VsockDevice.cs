using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns.Protocol;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Vsock;

/// <summary>
/// virtio-vsock (virtio 1.3, 5.10), streams that the guest opens: port N of the host is the Unix socket at PATH_N. A port on
/// which nobody listens is answered with a reset.
/// </summary>
internal sealed class VsockDevice(ulong guestCid, string path) : IStandInDevice, IOutsideWorld, IDisposable
{
    internal const int ReceiveQueue = 0, TransmitQueue = 1, EventQueue = 2;
    internal const ulong HostCid = 2;
    private const int LargestPacket = 64 * 1024;
    private const uint EndsBoth = 3, EndsSending = 2;

    private readonly byte[] _config = BitConverter.GetBytes(guestCid);
    private readonly WaitingBuffers _buffers = new(ReceiveQueue);
    private readonly Dictionary<(uint Guest, uint Host), VsockConnection> _connections = [];

    public ulong Features => VirtioFeature.NotifyOnEmpty;

    public int QueueCount => 3;

    public ReadOnlySpan<byte> Config => _config;

    public IReadOnlyList<PollEntry> Sources => [.. _connections.Values.Select(EntryOf).Where(entry => entry.Wanted != PollEvents.None)];

    public string? WriteConfig(int offset, ReadOnlySpan<byte> data) => "the guest's cid is read-only";

    public Served Serve(int queue, Chain chain, IQueues queues)
    {
        if (queue == EventQueue) return Served.Kept;
        if (queue == ReceiveQueue)
        {
            return chain.Writable.Length <= VsockPacket.Size ? Served.Broken("a receive buffer without room for data") : _buffers.Add(chain, queues);
        }
        byte[] wire = new byte[Math.Clamp(chain.Readable.Length, 0, VsockPacket.Size + LargestPacket)];
        if (wire.Length < VsockPacket.Size || !chain.Readable.TryRead(0, wire)) return Served.Broken($"a packet of {chain.Readable.Length} bytes");
        Take(VsockPacket.Read(wire), wire.AsSpan(VsockPacket.Size), queues);
        return Served.Done(0);
    }

    public void Stop(int queue, IQueues queues)
    {
        if (queue == ReceiveQueue) _buffers.Forget();
    }

    public void Wake(FileDescriptor source, IQueues queues)
    {
        foreach ((var ports, VsockConnection connection) in _connections.Where(one => one.Value.Fd == source).ToArray())
        {
            uint before = connection.Forwarded;
            if (!connection.PassToHost())
            {
                End(ports, queues);
                continue;
            }
            if (connection.Forwarded != before) Send(ports, VsockOperation.CreditUpdate, queues);
            if (Hears(connection)) Listen(ports, connection, queues);
        }
    }

    public void Dispose()
    {
        foreach (VsockConnection connection in _connections.Values) connection.Dispose();
        _connections.Clear();
    }

    private bool Hears(VsockConnection connection) => !connection.HostEnded && connection.Credit > 0 && _buffers.Free > 0;

    private PollEntry EntryOf(VsockConnection connection)
    {
        PollEvents wanted = Hears(connection) ? PollEvents.Readable : PollEvents.None;
        return new(connection.Fd, connection.HasForHost ? wanted | PollEvents.Writable : wanted);
    }

    private void Listen((uint Guest, uint Host) ports, VsockConnection connection, IQueues queues)
    {
        byte[] data = connection.TakeFromHost((int)Math.Min(LargestPacket, _buffers.Room - VsockPacket.Size));
        if (data.Length > 0) Send(ports, VsockOperation.ReadWrite, queues, 0, data);
        if (connection.HostEnded) Send(ports, VsockOperation.Shutdown, queues, EndsSending);
    }

    private void Take(VsockPacket packet, Span<byte> data, IQueues queues)
    {
        (uint, uint) ports = (packet.FromPort, packet.ToPort);
        bool isOurs = packet.FromCid == guestCid && packet.ToCid == HostCid && packet.Type == VsockPacket.Stream && packet.Length == data.Length;
        if (packet.Operation == VsockOperation.Request && isOurs)
        {
            Connect(ports, packet, queues);
            return;
        }
        if (packet.Operation == VsockOperation.Reset)
        {
            Close(ports);
            return;
        }
        if (!isOurs || !_connections.TryGetValue(ports, out VsockConnection? connection))
        {
            Reset(packet, queues);
            return;
        }
        connection.TakeCredit(packet);
        if (!Act(packet, data, connection, ports, queues)) End(ports, queues);
    }

    /// <summary>False when the connection is over.</summary>
    private bool Act(VsockPacket packet, Span<byte> data, VsockConnection connection, (uint Guest, uint Host) ports, IQueues queues)
    {
        switch (packet.Operation)
        {
            case VsockOperation.ReadWrite:
                if (!connection.TakeFromGuest(data)) return false;
                Send(ports, VsockOperation.CreditUpdate, queues);
                return true;
            case VsockOperation.CreditRequest:
                Send(ports, VsockOperation.CreditUpdate, queues);
                return true;
            case VsockOperation.CreditUpdate:
                return true;
            case VsockOperation.Shutdown:
                return connection.EndGuest() && packet.Flags != EndsBoth;
            default:
                return false;
        }
    }

    private void Connect((uint Guest, uint Host) ports, VsockPacket packet, IQueues queues)
    {
        Close(ports);
        try
        {
            UnixSocket host = UnixSocket.Connect($"{path}_{ports.Host}");
            host.Fd.SetNonBlocking(true);
            _connections[ports] = new(host);
            _connections[ports].TakeCredit(packet);
            Send(ports, VsockOperation.Response, queues);
        }
        catch (OsException)
        {
            // Nobody listens on that port.
            Reset(packet, queues);
        }
    }

    private void End((uint Guest, uint Host) ports, IQueues queues)
    {
        Send(ports, VsockOperation.Reset, queues);
        Close(ports);
    }

    private void Close((uint Guest, uint Host) ports)
    {
        if (_connections.Remove(ports, out VsockConnection? connection)) connection.Dispose();
    }

    private void Reset(VsockPacket packet, IQueues queues) => _buffers.Send(
        new VsockPacket(packet.ToCid, packet.FromCid, packet.ToPort, packet.FromPort, 0, packet.Type, VsockOperation.Reset, 0, 0, 0).ToBytes(), queues);

    private void Send((uint Guest, uint Host) ports, VsockOperation operation, IQueues queues, uint flags = 0, byte[]? data = null)
    {
        uint forwarded = _connections.TryGetValue(ports, out VsockConnection? connection) ? connection.Forwarded : 0;
        VsockPacket packet = new(HostCid, guestCid, ports.Host, ports.Guest, 0, VsockPacket.Stream, operation, flags, VsockConnection.Room, forwarded);
        _buffers.Send(packet.ToBytes(data), queues);
    }
}
