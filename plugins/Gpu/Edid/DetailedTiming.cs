using System.Buffers.Binary;

namespace XenDmHost.Plugins.Gpu.Edid;

/// <summary>
/// The detailed timing of 18 bytes (VESA E-EDID A2, 3.10.2) with the blanking of CVT 1.1's reduced timings. 60 frames a
/// second, or as many as the pixel clock's 16 bits allow.
/// </summary>
internal static class DetailedTiming
{
    private const int FramesPerSecond = 60;
    private const int HorizontalBlank = 160;
    private const int HorizontalFrontPorch = 48;
    private const int HorizontalSync = 32;
    private const int VerticalFrontPorch = 3;
    private const int MinVerticalBackPorch = 6;
    private const double MinVerticalBlankMicroseconds = 460;
    private const int ClockStepTenKilohertz = 25;
    private const int MaxClockTenKilohertz = 65_525;
    private const double PixelsPerInch = 96;

    internal static void WriteTo(Span<byte> descriptor, ScanoutSize size)
    {
        int sync = VerticalSync(size);
        int blank = VerticalBlank(size.Height, sync);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor, PixelClock(size, blank));
        WritePair(descriptor[2..5], size.Width, HorizontalBlank);
        WritePair(descriptor[5..8], size.Height, blank);
        descriptor[8] = HorizontalFrontPorch;
        descriptor[9] = HorizontalSync;
        descriptor[10] = (byte)((VerticalFrontPorch << 4) | sync);
        WritePair(descriptor[12..15], Millimetres(size.Width), Millimetres(size.Height));
        descriptor[17] = 0x1A; // separate digital sync; horizontal positive, vertical negative, as for reduced blanking
    }

    internal static int Millimetres(int pixels) => (int)Math.Round(pixels / PixelsPerInch * 25.4);

    /// <summary>In units of 10 kHz, in steps of 250 kHz.</summary>
    private static ushort PixelClock(ScanoutSize size, int blank)
    {
        long clock = (long)(size.Width + HorizontalBlank) * (size.Height + blank) * FramesPerSecond / 10_000;
        return (ushort)Math.Min(MaxClockTenKilohertz, clock / ClockStepTenKilohertz * ClockStepTenKilohertz);
    }

    private static int VerticalBlank(int height, int sync)
    {
        double lineMicroseconds = ((1_000_000.0 / FramesPerSecond) - MinVerticalBlankMicroseconds) / height;
        int lines = (int)(MinVerticalBlankMicroseconds / lineMicroseconds) + 1;
        return Math.Max(lines, VerticalFrontPorch + sync + MinVerticalBackPorch);
    }

    /// <summary>The width of the sync says the shape of the picture (CVT 1.1, table 3-2).</summary>
    private static int VerticalSync(ScanoutSize size) => (size.Width * 1000 / size.Height) switch
    {
        1333 => 4,
        1777 => 5,
        1600 => 6,
        1250 or 1666 => 7,
        _ => 10,
    };

    /// <summary>Two numbers of 12 bits: the low bytes, then their high halves together.</summary>
    private static void WritePair(Span<byte> bytes, int first, int second)
    {
        bytes[0] = (byte)first;
        bytes[1] = (byte)second;
        bytes[2] = (byte)(((first >> 8) << 4) | (second >> 8));
    }
}
