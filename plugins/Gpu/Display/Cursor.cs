namespace XenDmHost.Plugins.Gpu.Display;

/// <summary>
/// The pointer of a scanout: 64x64 pixels of blue, green, red, alpha, whose colours are multiplied by alpha already, as
/// Linux draws cursor planes. Its place is that of its upper left corner, which may lie outside.
/// </summary>
internal sealed class Cursor
{
    internal const int Side = 64;
    internal const int Bytes = Side * Side * Screens.BytesPerPixel;

    private readonly byte[] _pixels = new byte[Bytes];

    internal bool IsVisible { get; set; }

    internal int X { get; set; }

    internal int Y { get; set; }

    internal void Set(ReadOnlySpan<byte> pixels) => pixels.CopyTo(_pixels);

    /// <summary>Draws the pointer into a picture of red, green, blue.</summary>
    internal void DrawInto(Span<byte> picture, int width, int height)
    {
        // The place may be any 32-bit number, so it is compared before anything is added to it.
        if (!IsVisible || X <= -Side || Y <= -Side || X >= width || Y >= height)
        {
            return;
        }

        for (int row = Math.Max(0, -Y); row < Math.Min(Side, height - Y); row++)
        {
            for (int column = Math.Max(0, -X); column < Math.Min(Side, width - X); column++)
            {
                ReadOnlySpan<byte> source = _pixels.AsSpan(((row * Side) + column) * Screens.BytesPerPixel, Screens.BytesPerPixel);
                Blend(picture.Slice((((Y + row) * width) + X + column) * 3, 3), source);
            }
        }
    }

    private static void Blend(Span<byte> rgb, ReadOnlySpan<byte> bgra)
    {
        int rest = 255 - bgra[3];
        for (int i = 0; i < 3; i++)
        {
            rgb[i] = (byte)Math.Min(255, bgra[2 - i] + (((rgb[i] * rest) + 127) / 255));
        }
    }
}
