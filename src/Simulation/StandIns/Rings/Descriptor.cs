using System.Buffers.Binary;

namespace XenDmHost.Simulation.StandIns.Rings;

/// <summary>struct virtq_desc (virtio 1.3, 2.7.5): 16 bytes, little-endian.</summary>
internal readonly record struct Descriptor(ulong Address, uint Length, ushort Flags, ushort Next)
{
    internal const int Size = 16;
    private const ushort NextFlag = 1, WriteFlag = 2, IndirectFlag = 4;

    internal bool HasNext => (Flags & NextFlag) != 0;

    internal bool IsWritable => (Flags & WriteFlag) != 0;

    internal bool IsIndirect => (Flags & IndirectFlag) != 0;

    internal static Descriptor Read(ReadOnlySpan<byte> wire) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(wire),
        BinaryPrimitives.ReadUInt32LittleEndian(wire[8..]),
        BinaryPrimitives.ReadUInt16LittleEndian(wire[12..]),
        BinaryPrimitives.ReadUInt16LittleEndian(wire[14..]));
}
