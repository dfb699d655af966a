using System.Buffers.Binary;

namespace XenDmHost.Simulation.Guest.Drivers.Gpu;

/// <summary>Builds what follows a command's header: little-endian words, one after the other.</summary>
internal sealed class GpuPayload
{
    private readonly List<byte> _bytes = [];

    internal GpuPayload U32(uint value)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(word, value);
        _bytes.AddRange(word);
        return this;
    }

    internal GpuPayload U64(ulong value) => U32((uint)value).U32((uint)(value >> 32));

    internal GpuPayload Rect(GpuRect rect) => U32((uint)rect.X).U32((uint)rect.Y).U32((uint)rect.Width).U32((uint)rect.Height);

    internal byte[] ToArray() => [.. _bytes];
}
