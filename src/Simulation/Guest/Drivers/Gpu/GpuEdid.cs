using System.Buffers.Binary;
using System.Text;

namespace XenDmHost.Simulation.Guest.Drivers.Gpu;

/// <summary>What a display says about itself (VESA E-EDID 1.4), its header, length and checksums verified.</summary>
/// <param name="Block">All of it, a multiple of 128 bytes.</param>
/// <param name="Width">Of the preferred mode, in pixels.</param>
/// <param name="Height">Of the preferred mode, in pixels.</param>
/// <param name="Name">The display's product name, empty if it has none.</param>
internal sealed record GpuEdid(byte[] Block, int Width, int Height, string Name)
{
    private const int BlockBytes = 128;
    private const int MostBytes = 1024;
    private const int SizeFieldBytes = 8;
    private const int ExtensionCountOffset = 126;
    private const int FirstDescriptorOffset = 54;
    private const int DescriptorBytes = 18;
    private const byte NameTag = 0xfc;

    private static ReadOnlySpan<byte> Magic => [0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0];

    internal static GpuEdid Read(GpuControl control, int scanout)
    {
        var answer = control.Ask(
            GpuCode.GetEdid, new GpuPayload().U32((uint)scanout).U32(0), GpuControl.HeaderBytes + SizeFieldBytes + MostBytes, GpuCode.OkEdid);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(answer);
        return size is >= BlockBytes and <= MostBytes && size % BlockBytes == 0
            ? Parse(answer.AsSpan(SizeFieldBytes, (int)size))
            : throw new DriverFailure($"the EDID of scanout {scanout} has {size} bytes");
    }

    internal static GpuEdid Parse(ReadOnlySpan<byte> edid)
    {
        if (!edid.StartsWith(Magic))
        {
            throw new DriverFailure($"an EDID begins with {Convert.ToHexStringLower(edid[..8])}");
        }

        var blocks = 1 + edid[ExtensionCountOffset];
        if (edid.Length < blocks * BlockBytes)
        {
            throw new DriverFailure($"an EDID of {edid.Length} bytes announces {blocks} blocks");
        }

        for (var i = 0; i < blocks; i++)
        {
            CheckSum(edid.Slice(i * BlockBytes, BlockBytes), i);
        }

        var timing = edid[FirstDescriptorOffset..];
        return new GpuEdid(
            edid.ToArray(), timing[2] | ((timing[4] & 0xf0) << 4), timing[5] | ((timing[7] & 0xf0) << 4), FindName(edid));
    }

    private static void CheckSum(ReadOnlySpan<byte> block, int number)
    {
        byte sum = 0;
        foreach (var value in block)
        {
            sum += value;
        }

        if (sum != 0)
        {
            throw new DriverFailure($"the bytes of EDID block {number} add up to 0x{sum:x2} instead of 0");
        }
    }

    private static string FindName(ReadOnlySpan<byte> edid)
    {
        for (var i = 0; i < 4; i++)
        {
            var descriptor = edid.Slice(FirstDescriptorOffset + (i * DescriptorBytes), DescriptorBytes);
            if (descriptor[0] == 0 && descriptor[1] == 0 && descriptor[3] == NameTag)
            {
                return Encoding.ASCII.GetString(descriptor[5..]).TrimEnd('\n', ' ', '\0');
            }
        }

        return "";
    }
}
