using System.Buffers.Binary;

namespace XenDmHost.Simulation.StandIns.Devices.Gpu;

/// <summary>struct virtio_gpu_rect: any four numbers, until it is checked against something.</summary>
internal readonly record struct GpuRectangle(uint X, uint Y, uint Width, uint Height)
{
    internal const int Size = 16;

    internal bool IsEmpty => Width == 0 || Height == 0;

    internal static GpuRectangle Read(ReadOnlySpan<byte> wire) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(wire), BinaryPrimitives.ReadUInt32LittleEndian(wire[4..]),
        BinaryPrimitives.ReadUInt32LittleEndian(wire[8..]), BinaryPrimitives.ReadUInt32LittleEndian(wire[12..]));

    internal bool FitsInto(uint width, uint height) => (ulong)X + Width <= width && (ulong)Y + Height <= height;

    /// <summary>The part that both have; empty when there is none.</summary>
    internal GpuRectangle Intersect(GpuRectangle other)
    {
        uint left = Math.Max(X, other.X), top = Math.Max(Y, other.Y);
        ulong right = Math.Min((ulong)X + Width, (ulong)other.X + other.Width);
        ulong bottom = Math.Min((ulong)Y + Height, (ulong)other.Y + other.Height);
        return right <= left || bottom <= top ? default : new(left, top, (uint)(right - left), (uint)(bottom - top));
    }
}
