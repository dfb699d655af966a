using System.Security.Cryptography;

namespace XenDmHost.Simulation.Guest.Drivers.Gpu;

/// <summary>
/// A picture whose every pixel says where it belongs, so that one that is moved, left out or doubled is found out. With
/// key = (seed * 1000003) ^ (run * 8191) ^ (number * 131) in 32 bits, the pixel at column x and row y is red = x + key,
/// green = y + (key >> 8), blue = 16 * (x / 256) + y / 256 + (key >> 16), each modulo 256. The patch, the middle quarter of
/// the picture, is then drawn over it with all three inverted.
/// </summary>
/// <param name="seed">The user's.</param>
/// <param name="run">Of the device.</param>
/// <param name="number">A different picture for each number.</param>
/// <param name="width">In pixels.</param>
/// <param name="height">In pixels.</param>
internal sealed class GpuPicture(int seed, int run, int number, int width, int height)
{
    internal const int PixelBytes = 4;

    private readonly uint _key = unchecked((uint)((seed * 1_000_003) ^ (run * 8191) ^ (number * 131)));

    internal int Width => width;

    internal int Height => height;

    internal GpuRect Whole => new(0, 0, width, height);

    /// <summary>The part that is drawn a second time.</summary>
    internal GpuRect Patch => new(width / 4, height / 4, width / 2, height / 2);

    /// <summary>One row as blue, green, red and a byte that nobody shows, which is not zero either.</summary>
    internal void FillRow(Span<byte> row, int y, bool patched)
    {
        for (var x = 0; x < width; x++)
        {
            var (red, green, blue) = At(x, y, patched);
            var pixel = row.Slice(x * PixelBytes, PixelBytes);
            (pixel[0], pixel[1], pixel[2], pixel[3]) = (blue, green, red, (byte)(x ^ y ^ 0x55));
        }
    }

    /// <summary>The whole picture as red, green, blue, row by row from the top: what a PNG without alpha holds.</summary>
    internal byte[] ToRgb()
    {
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
        {
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = At(i % width, i / width, patched: true);
        }

        return rgb;
    }

    internal string RgbSha256() => Convert.ToHexStringLower(SHA256.HashData(ToRgb()));

    private (byte Red, byte Green, byte Blue) At(int x, int y, bool patched)
    {
        var red = (byte)(x + _key);
        var green = (byte)(y + (_key >> 8));
        var blue = (byte)((16 * (x / 256)) + (y / 256) + (_key >> 16));
        return patched && Patch.Contains(x, y) ? ((byte)~red, (byte)~green, (byte)~blue) : (red, green, blue);
    }
}
