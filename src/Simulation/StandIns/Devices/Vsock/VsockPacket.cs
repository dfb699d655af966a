using System.Buffers.Binary;

namespace XenDmHost.Simulation.StandIns.Devices.Vsock;

/// <summary>struct virtio_vsock_hdr (virtio 1.3, 5.10.6): 44 bytes, little-endian.</summary>
internal readonly record struct VsockPacket(
    ulong FromCid, ulong ToCid, uint FromPort, uint ToPort, uint Length, ushort Type, VsockOperation Operation, uint Flags, uint Room, uint Forwarded)
{
    internal const int Size = 44;
    internal const ushort Stream = 1;

    internal static VsockPacket Read(ReadOnlySpan<byte> wire) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(wire), BinaryPrimitives.ReadUInt64LittleEndian(wire[8..]), U32(wire, 16), U32(wire, 20), U32(wire, 24),
        BinaryPrimitives.ReadUInt16LittleEndian(wire[28..]), (VsockOperation)BinaryPrimitives.ReadUInt16LittleEndian(wire[30..]),
        U32(wire, 32), U32(wire, 36), U32(wire, 40));

    internal byte[] ToBytes(ReadOnlySpan<byte> data = default)
    {
        byte[] wire = new byte[Size + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(wire, FromCid);
        BinaryPrimitives.WriteUInt64LittleEndian(wire.AsSpan(8), ToCid);
        uint[] ports = [FromPort, ToPort, (uint)data.Length];
        for (int i = 0; i < ports.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(wire.AsSpan(16 + (4 * i)), ports[i]);
        BinaryPrimitives.WriteUInt16LittleEndian(wire.AsSpan(28), Type);
        BinaryPrimitives.WriteUInt16LittleEndian(wire.AsSpan(30), (ushort)Operation);
        uint[] rest = [Flags, Room, Forwarded];
        for (int i = 0; i < rest.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(wire.AsSpan(32 + (4 * i)), rest[i]);
        data.CopyTo(wire.AsSpan(Size));
        return wire;
    }

    private static uint U32(ReadOnlySpan<byte> wire, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(wire[offset..]);
}
