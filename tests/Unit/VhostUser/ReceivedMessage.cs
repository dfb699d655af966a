using System.Buffers.Binary;
using XenDmHost.Host.Native;

namespace XenDmHost.UnitTests.VhostUser;

/// <summary>A message as the other end of the socket saw it, taken apart without the host's own structs.</summary>
internal sealed record ReceivedMessage(byte[] Bytes, IReadOnlyList<FileDescriptor> Descriptors) : IDisposable
{
    internal uint Request => U32(0);

    internal uint Flags => U32(4);

    internal bool NeedsReply => (Flags & 8) != 0;

    internal ReadOnlySpan<byte> Payload => Bytes.AsSpan(12);

    internal string Hex => Convert.ToHexStringLower(Bytes);

    internal uint U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(offset));

    public void Dispose()
    {
        foreach (FileDescriptor descriptor in Descriptors)
        {
            descriptor.Dispose();
        }
    }
}
