using System.Buffers.Binary;
using System.IO.Compression;

namespace XenDmHost.Simulation.Demo;

/// <summary>Reads the pixels of a PNG file of 8-bit red, green and blue whose rows are not filtered.</summary>
internal static class DemoPng
{
    private const int FirstChunk = 8;
    private const int HeaderSize = 8;
    private const int CrcSize = 4;

    /// <summary>Red, green and blue, row by row from the top; empty for a file of another kind.</summary>
    internal static byte[] ReadRgb(byte[] file)
    {
        using MemoryStream compressed = new();
        int rowSize = 0;
        for (int at = FirstChunk; at + HeaderSize <= file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            ReadOnlySpan<byte> type = file.AsSpan(at + 4, 4), data = file.AsSpan(at + HeaderSize, length);
            if (type.SequenceEqual("IHDR"u8))
            {
                rowSize = BinaryPrimitives.ReadInt32BigEndian(data) * 3;
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                compressed.Write(data);
            }

            at += HeaderSize + length + CrcSize;
        }

        compressed.Position = 0;
        using ZLibStream zlib = new(compressed, CompressionMode.Decompress);
        using MemoryStream raw = new();
        zlib.CopyTo(raw);
        return [.. raw.ToArray().Chunk(rowSize + 1).SelectMany(row => row.Skip(1))];
    }
}
