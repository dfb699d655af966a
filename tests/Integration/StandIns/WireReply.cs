using System.Buffers.Binary;

namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>One answer as it came off the socket.</summary>
internal sealed record WireReply(uint Id, uint Flags, byte[] Payload, int Descriptors)
{
    internal ulong Value => BinaryPrimitives.ReadUInt64LittleEndian(Payload);
}
