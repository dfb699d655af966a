using XenDmHost.Host.Observe;
using XenDmHost.Simulation.Demo;

namespace XenDmHost.UnitTests.Observe;

/// <summary>The files that `screenshot` writes.</summary>
public sealed class PngImageTests
{
    [Fact]
    public void The_file_begins_and_ends_as_the_standard_says()
    {
        byte[] file = PngImage.Encode(2, 1, [1, 2, 3, 4, 5, 6]);

        // Signature, then IHDR: 2x1, 8 bits, truecolour; the checksum is zlib's.
        Assert.StartsWith("89504E470D0A1A0A0000000D4948445200000002000000010802000000" + "7B40E8DD", Convert.ToHexString(file), StringComparison.Ordinal);
        Assert.EndsWith("0000000049454E44AE426082", Convert.ToHexString(file), StringComparison.Ordinal);
    }

    [Fact]
    public void The_pixels_come_back()
    {
        byte[] rgb = [.. Enumerable.Range(0, 5 * 7 * 3).Select(i => (byte)(i * 37))];
        Assert.Equal(rgb, DemoPng.ReadRgb(PngImage.Encode(5, 7, rgb)));
    }
}
