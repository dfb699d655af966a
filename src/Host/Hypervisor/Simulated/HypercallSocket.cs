using System.Buffers.Binary;
using XenDmHost.Host.Native;

namespace XenDmHost.Host.Hypervisor.Simulated;

/// <summary>One connection to the simulation's hypervisor (docs/simulated-platform.md): a packet out, a packet back.</summary>
internal sealed class HypercallSocket : IDisposable
{
    private const int PacketSize = 32;
    private const int AnswerLimitMs = 10_000;

    private readonly Lock _gate = new();
    private readonly UnixSocket _socket;
    private readonly string _path;

    internal HypercallSocket(string directory)
    {
        _path = Path.Combine(directory, "hypervisor.sock");
        int result = UnixSocket.TryConnect(_path, seqPacket: true, out UnixSocket? socket);
        _socket = socket ?? throw new OsException("connect", _path, -result, "start the simulation first: xendmhost-sim guest --directory " + directory);
    }

    /// <summary>The connection, which whoever takes it owns.</summary>
    internal FileDescriptor Descriptor => _socket.Descriptor;

    /// <summary>Asks and waits for the answer.</summary>
    /// <exception cref="OsException">The simulation refuses, is silent or gone.</exception>
    internal HypercallAnswer Call(HypercallOp op, uint domid, ulong a = 0, ulong b = 0, ulong c = 0)
    {
        HypercallAnswer answer = TryCall(op, domid, a, b, c);
        return answer.Result >= 0 ? answer : throw new OsException(op.ToString(), _path, -answer.Result);
    }

    /// <summary>Asks; an errno of the simulation is a value here.</summary>
    internal HypercallAnswer TryCall(HypercallOp op, uint domid, ulong a = 0, ulong b = 0, ulong c = 0)
    {
        Span<byte> packet = stackalloc byte[PacketSize];
        BinaryPrimitives.WriteUInt32LittleEndian(packet, (uint)op);
        BinaryPrimitives.WriteUInt32LittleEndian(packet[4..], domid);
        BinaryPrimitives.WriteUInt64LittleEndian(packet[8..], a);
        BinaryPrimitives.WriteUInt64LittleEndian(packet[16..], b);
        BinaryPrimitives.WriteUInt64LittleEndian(packet[24..], c);
        lock (_gate)
        {
            int sent = _socket.TrySend(packet, []);
            if (sent != PacketSize)
            {
                throw new OsException("sendmsg", _path, -sent, "the simulation is gone");
            }

            return Receive();
        }
    }

    public void Dispose() => _socket.Dispose();

    private HypercallAnswer Receive()
    {
        Span<byte> packet = stackalloc byte[PacketSize];
        Span<int> ready = stackalloc int[1];
        List<FileDescriptor> descriptors = [];
        if (Poller.Wait([_socket.Descriptor], [Libc.PollIn], AnswerLimitMs, ready) == 0)
        {
            throw new OsException("recvmsg", _path, Errno.ETIMEDOUT, "the simulation does not answer");
        }

        int received = _socket.TryReceive(packet, descriptors);
        if (received != PacketSize || descriptors.Count > 1)
        {
            descriptors.ForEach(descriptor => descriptor.Dispose());
            throw new OsException("recvmsg", _path, received < 0 ? -received : Errno.EPROTO, "the simulation is gone");
        }

        return new HypercallAnswer(
            BinaryPrimitives.ReadInt32LittleEndian(packet),
            BinaryPrimitives.ReadUInt64LittleEndian(packet[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(packet[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(packet[24..]),
            descriptors.Count == 1 ? descriptors[0] : null);
    }
}
