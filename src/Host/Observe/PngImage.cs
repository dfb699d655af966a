using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace XenDmHost.Host.Observe;

/// <summary>A PNG file (ISO/IEC 15948) of 8-bit red, green and blue.</summary>
internal static class PngImage
{
    private const int BytesPerPixel = 3;
    private const byte TrueColour = 2;
    private const byte NoFilter = 0;

    /// <summary>Encodes a picture.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="rgb">Red, green, blue of each pixel, row by row from the top.</param>
    internal static byte[] Encode(int width, int height, ReadOnlySpan<byte> rgb)
    {
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits per sample
        header[9] = TrueColour;
        using MemoryStream file = new();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']);
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Compress(width * BytesPerPixel, rgb));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static ReadOnlySpan<byte> Compress(int rowSize, ReadOnlySpan<byte> rgb)
    {
        MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int start = 0; start < rgb.Length; start += rowSize)
            {
                zlib.WriteByte(NoFilter);
                zlib.Write(rgb.Slice(start, rowSize));
            }
        }

        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    /// <summary>The length, the type, the data, and a checksum of the last two.</summary>
    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        Crc32 sum = new();
        sum.Append(type);
        sum.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, sum.GetCurrentHashAsUInt32());
        file.Write(number);
    }
}
