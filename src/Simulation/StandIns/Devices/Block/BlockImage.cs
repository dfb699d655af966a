using Microsoft.Win32.SafeHandles;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Block;

/// <summary>The file behind a disk. Data goes between file and guest memory without a copy in between.</summary>
internal sealed class BlockImage : IDisposable
{
    internal const int SectorSize = 512;
    private const int LargestPiece = 1 << 20;

    private readonly SafeFileHandle _file;

    internal BlockImage(string path, bool readOnly)
    {
        _file = File.OpenHandle(path, FileMode.Open, readOnly ? FileAccess.Read : FileAccess.ReadWrite, FileShare.ReadWrite);
        Measure();
        IsReadOnly = readOnly;
    }

    internal ulong Sectors { get; private set; }

    internal bool IsReadOnly { get; }

    /// <summary>Takes the file's size for the disk's again.</summary>
    internal void Measure() => Sectors = (ulong)(RandomAccess.GetLength(_file) / SectorSize);

    /// <summary>True for whole sectors that all lie on the disk.</summary>
    internal bool Contains(ulong sector, long bytes) =>
        bytes % SectorSize == 0 && sector <= Sectors && (ulong)(bytes / SectorSize) <= Sectors - sector;

    internal bool Read(ulong sector, GuestBuffers into, long length, long start = 0)
    {
        for (long done = 0; done < length;)
        {
            Span<byte> piece = into.Piece(start + done, (int)Math.Min(LargestPiece, length - done));
            int read = piece.IsEmpty ? 0 : RandomAccess.Read(_file, piece, Position(sector, done));
            if (read == 0) return false;
            done += read;
        }
        return true;
    }

    internal bool Write(ulong sector, GuestBuffers from, long start, long length)
    {
        for (long done = 0; done < length;)
        {
            Span<byte> piece = from.Piece(start + done, (int)Math.Min(LargestPiece, length - done));
            if (piece.IsEmpty) return false;
            RandomAccess.Write(_file, piece, Position(sector, done));
            done += piece.Length;
        }
        return true;
    }

    internal void Flush() => RandomAccess.FlushToDisk(_file);

    public void Dispose() => _file.Dispose();

    private static long Position(ulong sector, long done) => ((long)sector * SectorSize) + done;
}
