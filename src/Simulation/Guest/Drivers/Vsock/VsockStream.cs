using System.Runtime.InteropServices;

namespace XenDmHost.Simulation.Guest.Drivers.Vsock;

/// <summary>One stream to a port of the host, with the credit that each side gives the other (virtio 1.3, 5.10.6.3).</summary>
internal sealed class VsockStream(ReceiveBuffers received, Transmitter transmit, ulong cid, uint port)
{
    /// <summary>Bytes of a packet's data: one page with its header.</summary>
    internal const int MostBytes = 4096 - VsockHeader.Size;

    private const ulong HostCid = 2;
    private const uint OwnPort = 1024;
    private const ushort StreamType = 1;
    private const uint BothDirections = 3;
    private const uint Room = 16 * 1024;

    private uint _peerRoom;
    private uint _peerForwarded;
    private uint _sent;
    private uint _taken;

    /// <summary>How often the driver had to wait for credit.</summary>
    internal int Waits { get; private set; }

    internal void Connect()
    {
        Send(VsockOp.Request, []);
        var (answer, _) = Take();
        if (answer.Op != VsockOp.Response)
        {
            throw new DriverFailure(answer.Op == VsockOp.Rst
                ? $"nobody listens on port {port} of the host"
                : $"a connection to port {port} was answered with {answer.Op}");
        }
    }

    /// <summary>Sends everything and receives as much, in any order; what came back.</summary>
    internal byte[] Exchange(ReadOnlySpan<byte> data)
    {
        var back = new List<byte>();
        for (var done = 0; done < data.Length || back.Count < data.Length;)
        {
            var credit = _peerRoom - (_sent - _peerForwarded);
            var size = (int)Math.Min(Math.Min(credit, MostBytes), data.Length - done);
            if (size > 0)
            {
                Send(VsockOp.Rw, data.Slice(done, size));
                done += size;
                continue;
            }

            Waits += done < data.Length ? 1 : 0;
            back.AddRange(TakeData());
        }

        return [.. back];
    }

    /// <summary>Says that neither side will hear more, and waits for the host's agreement, which is a reset.</summary>
    internal void Shutdown()
    {
        Send(VsockOp.Shutdown, [], BothDirections);
        while (Take().Header.Op is var op && op != VsockOp.Rst)
        {
            if (op is not (VsockOp.CreditUpdate or VsockOp.Shutdown))
            {
                throw new DriverFailure($"a shutdown was answered with {op}");
            }
        }
    }

    private byte[] TakeData()
    {
        var (header, data) = Take();
        switch (header.Op)
        {
            case VsockOp.Rw:
                _taken += (uint)data.Length;
                Send(VsockOp.CreditUpdate, []);
                return data;
            case VsockOp.CreditUpdate:
                return [];
            case VsockOp.CreditRequest:
                Send(VsockOp.CreditUpdate, []);
                return [];
            default:
                throw new DriverFailure($"the host ended the stream with {header.Op}");
        }
    }

    private (VsockHeader Header, byte[] Data) Take()
    {
        var packet = received.Take(DriverContext.RequestLimit)
            ?? throw new DriverFailure($"the host is silent for {DriverContext.RequestLimit.TotalSeconds:0} s");
        if (packet.Length < VsockHeader.Size)
        {
            throw new DriverFailure($"a packet of {packet.Length} bytes");
        }

        var header = MemoryMarshal.Read<VsockHeader>(packet);
        var isOurs = header.SourceCid == HostCid && header.DestinationCid == cid && header.SourcePort == port
            && header.DestinationPort == OwnPort && header.Type == StreamType && header.Length == packet.Length - VsockHeader.Size;
        if (!isOurs)
        {
            throw new DriverFailure($"a packet {header.Op} from {header.SourceCid}:{header.SourcePort} to {header.DestinationCid}:{header.DestinationPort} with {header.Length} bytes is not of this stream");
        }

        (_peerRoom, _peerForwarded) = (header.BufferAllocation, header.ForwardCount);
        return (header, packet[VsockHeader.Size..]);
    }

    private void Send(VsockOp op, ReadOnlySpan<byte> data, uint flags = 0)
    {
        var header = new VsockHeader
        {
            SourceCid = cid,
            DestinationCid = HostCid,
            SourcePort = OwnPort,
            DestinationPort = port,
            Length = (uint)data.Length,
            Type = StreamType,
            Op = op,
            Flags = flags,
            BufferAllocation = Room,
            ForwardCount = _taken,
        };
        _sent += (uint)data.Length;
        transmit.Send(MemoryMarshal.AsBytes(new ReadOnlySpan<VsockHeader>(in header)), data, $"packet {op}");
    }
}
