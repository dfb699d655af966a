using XenDmHost.Abstractions;

namespace XenDmHost.Plugins.Gpu.Display;

/// <summary>One scanout: its picture as the back-end sends it, and its pointer. Under the lock of <see cref="Screens"/>.</summary>
internal sealed class Screen
{
    private byte[] _pixels = [];
    private int _width;
    private int _height;

    internal Cursor Cursor { get; } = new();

    internal bool IsOn { get; private set; }

    /// <summary>Why there is no picture although the screen is on; null when there is one.</summary>
    internal string? Unread { get; private set; }

    internal long Pixels => (long)_width * _height;

    internal void TurnOff() => IsOn = false;

    /// <summary>Shows black of this size, until an update comes; the same size again keeps what is there.</summary>
    internal void TurnOn(int width, int height)
    {
        if (!IsOn || Unread is not null || width != _width || height != _height)
        {
            _pixels = new byte[(long)width * height * Screens.BytesPerPixel];
            (_width, _height) = (width, height);
        }

        IsOn = true;
        Unread = null;
    }

    /// <summary>Shows something that is not kept here.</summary>
    internal void TurnOnUnread(string why)
    {
        _pixels = [];
        (_width, _height) = (0, 0);
        IsOn = true;
        Unread = why;
    }

    /// <summary>Takes the part of an update that lies inside the picture.</summary>
    internal void Update(uint x, uint y, int width, int height, ReadOnlySpan<byte> pixels)
    {
        if (!IsOn || x >= _width || y >= _height)
        {
            return;
        }

        int columns = (int)Math.Min(width, _width - x), rows = (int)Math.Min(height, _height - y);
        for (int row = 0; row < rows; row++)
        {
            pixels.Slice(row * width * Screens.BytesPerPixel, columns * Screens.BytesPerPixel)
                .CopyTo(_pixels.AsSpan((int)((((y + row) * _width) + x) * Screens.BytesPerPixel)));
        }
    }

    internal Picture? TakePicture(bool withPointer)
    {
        if (Pixels == 0)
        {
            return null;
        }

        byte[] rgb = new byte[Pixels * Picture.BytesPerPixel];
        for (long i = 0; i < Pixels; i++)
        {
            rgb[i * 3] = _pixels[(i * 4) + 2];
            rgb[(i * 3) + 1] = _pixels[(i * 4) + 1];
            rgb[(i * 3) + 2] = _pixels[i * 4];
        }

        if (withPointer)
        {
            Cursor.DrawInto(rgb, _width, _height);
        }

        return new Picture(_width, _height, rgb, IsOn);
    }
}
