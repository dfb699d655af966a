using System.Diagnostics.CodeAnalysis;
using XenDmHost.Abstractions;

namespace XenDmHost.Plugins.Gpu.Display;

/// <summary>What the device's displays show. The side channel's thread writes, anybody may look.</summary>
internal sealed class Screens
{
    internal const int BytesPerPixel = 4;

    /// <summary>The most pixels of one picture, enough for 7680x4320.</summary>
    internal const int MaxPixels = 32 << 20;

    /// <summary>The most pixels of all pictures of a device: the guest decides their sizes, and the memory is the host's.</summary>
    internal const long MaxPixelsOfAll = 64 << 20;

    private readonly Lock _gate = new();
    private readonly Screen[] _screens;

    internal Screens(int count) => _screens = [.. Enumerable.Range(0, count).Select(_ => new Screen())];

    internal int Count => _screens.Length;

    /// <summary>No screen shows anything any more; what they showed last is kept.</summary>
    internal void TurnOff()
    {
        lock (_gate)
        {
            Array.ForEach(_screens, screen => screen.TurnOff());
        }
    }

    /// <summary>A scanout gets a size, or is turned off with a side of 0. A scanout that there is not is ignored.</summary>
    internal void Resize(uint scanout, uint width, uint height)
    {
        lock (_gate)
        {
            if (!TryFind(scanout, out Screen? screen))
            {
                return;
            }

            if (width == 0 || height == 0)
            {
                screen.TurnOff();
            }
            else if ((ulong)width * height > MaxPixels || ((long)width * height) + _screens.Sum(other => other == screen ? 0 : other.Pixels) > MaxPixelsOfAll)
            {
                screen.TurnOnUnread($"it has {width}x{height} pixels, which is more than is kept here");
            }
            else
            {
                screen.TurnOn((int)width, (int)height);
            }
        }
    }

    /// <summary>A scanout shows a buffer that is not read, or nothing with a side of 0.</summary>
    internal void Share(uint scanout, uint width, uint height)
    {
        lock (_gate)
        {
            if (TryFind(scanout, out Screen? screen))
            {
                if (width == 0 || height == 0)
                {
                    screen.TurnOff();
                }
                else
                {
                    screen.TurnOnUnread("the back-end shares it as a dmabuf, which is not read");
                }
            }
        }
    }

    /// <summary>New pixels: blue, green, red and one without meaning, row by row without padding.</summary>
    internal void Update(uint scanout, uint x, uint y, int width, int height, ReadOnlySpan<byte> pixels)
    {
        lock (_gate)
        {
            if (TryFind(scanout, out Screen? screen))
            {
                screen.Update(x, y, width, height, pixels);
            }
        }
    }

    internal void SetCursor(uint scanout, ReadOnlySpan<byte> pixels)
    {
        lock (_gate)
        {
            if (TryFind(scanout, out Screen? screen))
            {
                screen.Cursor.Set(pixels);
            }
        }
    }

    /// <summary>The pointer's upper left corner. The numbers are a guest's signed ones, whatever their type.</summary>
    internal void MoveCursor(uint scanout, uint x, uint y, bool visible)
    {
        lock (_gate)
        {
            if (TryFind(scanout, out Screen? screen))
            {
                screen.Cursor.X = (int)x;
                screen.Cursor.Y = (int)y;
                screen.Cursor.IsVisible = visible;
            }
        }
    }

    internal bool TryTakePicture(int index, bool withPointer, [NotNullWhen(true)] out Picture? picture, out string why)
    {
        lock (_gate)
        {
            if (index < 0 || index >= _screens.Length)
            {
                picture = null;
                why = _screens.Length == 1 ? "there is screen 0 alone" : $"there are the screens 0 to {_screens.Length - 1}";
                return false;
            }

            picture = _screens[index].TakePicture(withPointer);
            why = picture is null ? _screens[index].Unread ?? "the guest has shown nothing on it yet" : "";
            return picture is not null;
        }
    }

    private bool TryFind(uint scanout, [NotNullWhen(true)] out Screen? screen)
    {
        screen = scanout < _screens.Length ? _screens[scanout] : null;
        return screen is not null;
    }
}
