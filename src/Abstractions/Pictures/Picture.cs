namespace XenDmHost.Abstractions;

/// <summary>A picture of a screen.</summary>
public sealed class Picture
{
    /// <summary>Bytes per pixel: red, green, blue.</summary>
    public const int BytesPerPixel = 3;

    /// <summary>Makes a picture.</summary>
    /// <param name="width">Pixels in a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="pixels">Red, green and blue of each pixel, 8 bits each, row by row from the top, without padding.</param>
    /// <param name="isShown">False for what a screen showed last before it was turned off.</param>
    /// <exception cref="ArgumentException">There are not exactly as many bytes as the size asks for.</exception>
    public Picture(int width, int height, ReadOnlyMemory<byte> pixels, bool isShown)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.Length != (long)width * height * BytesPerPixel)
        {
            throw new ArgumentException($"{width}x{height} pixels have {(long)width * height * BytesPerPixel} bytes, not {pixels.Length}", nameof(pixels));
        }

        Width = width;
        Height = height;
        Pixels = pixels;
        IsShown = isShown;
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Red, green and blue of each pixel, 8 bits each, row by row from the top, without padding.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    /// <summary>False for what a screen showed last before it was turned off.</summary>
    public bool IsShown { get; }
}
