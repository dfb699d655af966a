using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Gpu;

/// <summary>A picture of 4 bytes a pixel in this process, and where the guest keeps its own copy.</summary>
internal sealed class GpuResource(uint width, uint height)
{
    internal const int PixelSize = 4;

    private readonly byte[] _pixels = new byte[(long)width * height * PixelSize];

    internal uint Width { get; } = width;

    internal uint Height { get; } = height;

    internal GuestBuffers? Backing { get; set; }

    internal ReadOnlySpan<byte> Pixels => _pixels;

    internal int Stride => (int)Width * PixelSize;

    /// <summary>
    /// Copies a rectangle from the guest. Whole rows come from the beginning of the backing, whatever the rectangle's height,
    /// as in QEMU. What the backing does not have stays as it was.
    /// </summary>
    internal void Transfer(GpuRectangle rectangle, ulong offset)
    {
        if (offset > int.MaxValue) return;
        if (offset == 0 && rectangle.X == 0 && rectangle.Y == 0 && rectangle.Width == Width)
        {
            Copy(0, _pixels);
            return;
        }
        for (int row = 0; row < rectangle.Height; row++)
        {
            int into = ((int)rectangle.Y + row) * Stride + ((int)rectangle.X * PixelSize);
            Copy((long)offset + ((long)row * Stride), _pixels.AsSpan(into, (int)rectangle.Width * PixelSize));
        }
    }

    /// <summary>A rectangle's pixels, row by row without gaps.</summary>
    internal void CopyOut(GpuRectangle rectangle, Span<byte> into)
    {
        int bytes = (int)rectangle.Width * PixelSize;
        for (int row = 0; row < rectangle.Height; row++)
        {
            int from = (((int)rectangle.Y + row) * Stride) + ((int)rectangle.X * PixelSize);
            _pixels.AsSpan(from, bytes).CopyTo(into[(row * bytes)..]);
        }
    }

    private void Copy(long from, Span<byte> into)
    {
        while (into.Length > 0)
        {
            Span<byte> piece = Backing!.Piece(from, into.Length);
            if (piece.IsEmpty) return;
            piece.CopyTo(into);
            from += piece.Length;
            into = into[piece.Length..];
        }
    }
}
