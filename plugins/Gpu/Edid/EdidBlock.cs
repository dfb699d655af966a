using System.Buffers.Binary;
using System.Text;

namespace XenDmHost.Plugins.Gpu.Edid;

/// <summary>A base block of VESA E-EDID, release A2 (EDID 1.4): a digital display with one timing, the one that it prefers.</summary>
internal static class EdidBlock
{
    internal const int Size = 128;
    private const int FirstDescriptor = 54;
    private const int DescriptorSize = 18;
    private const int Year = 2026;

    /// <summary>The block of a display.</summary>
    /// <param name="scanout">Its number, which becomes its serial number.</param>
    /// <param name="size">The size that it prefers.</param>
    internal static byte[] Of(int scanout, ScanoutSize size)
    {
        byte[] block = new byte[Size];
        WriteIdentity(block, scanout);
        WriteBasics(block, size);
        DetailedTiming.WriteTo(block.AsSpan(FirstDescriptor, DescriptorSize), size);
        WriteName(block.AsSpan(FirstDescriptor + DescriptorSize, DescriptorSize), "XenDmHost");
        WriteDummy(block.AsSpan(FirstDescriptor + (2 * DescriptorSize), DescriptorSize));
        WriteDummy(block.AsSpan(FirstDescriptor + (3 * DescriptorSize), DescriptorSize));
        block[^1] = (byte)-block.Sum(part => part);
        return block;
    }

    /// <summary>Bytes 0 to 19: the fixed pattern, maker, product, serial number, date and version.</summary>
    private static void WriteIdentity(Span<byte> block, int scanout)
    {
        block[1..7].Fill(0xFF);
        BinaryPrimitives.WriteUInt16BigEndian(block[8..], Letters("XDH"));
        BinaryPrimitives.WriteUInt16LittleEndian(block[10..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(block[12..], (uint)scanout + 1);
        block[17] = Year - 1990;
        block[18] = 1;
        block[19] = 4;
    }

    /// <summary>Bytes 20 to 53: what kind of display it is, its size in centimetres, colours, and no timings but the detailed one.</summary>
    private static void WriteBasics(Span<byte> block, ScanoutSize size)
    {
        block[20] = 0xA5; // digital, 8 bits per colour, DisplayPort
        block[21] = (byte)Math.Max(1, DetailedTiming.Millimetres(size.Width) / 10);
        block[22] = (byte)Math.Max(1, DetailedTiming.Millimetres(size.Height) / 10);
        block[23] = 120; // gamma 2.2
        block[24] = 0x06; // sRGB is the default; the preferred timing is the native one
        ((ReadOnlySpan<byte>)[0xEE, 0x91, 0xA3, 0x54, 0x4C, 0x99, 0x26, 0x0F, 0x50, 0x54]).CopyTo(block[25..]); // sRGB
        block[38..54].Fill(0x01); // no standard timings
    }

    private static void WriteName(Span<byte> descriptor, string name)
    {
        descriptor[3] = 0xFC;
        descriptor[5..].Fill((byte)' ');
        descriptor[5 + Encoding.ASCII.GetBytes(name, descriptor[5..])] = (byte)'\n';
    }

    private static void WriteDummy(Span<byte> descriptor) => descriptor[3] = 0x10;

    /// <summary>Three letters of five bits each, A is 1.</summary>
    private static ushort Letters(string letters) => letters.Aggregate((ushort)0, (sum, letter) => (ushort)((sum << 5) | (letter - 'A' + 1)));
}
