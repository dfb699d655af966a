using System.Buffers.Binary;
using System.Text;

namespace XenDmHost.Simulation.Guest.Drivers.Fs;

/// <summary>What READDIR answers: struct fuse_dirent, each filled up to a multiple of 8 bytes.</summary>
internal static class FsFolder
{
    private const int HeaderBytes = 24;

    /// <summary>Adds the names, without . and ..; gives the offset at which the next READDIR goes on.</summary>
    internal static long Read(ReadOnlySpan<byte> entries, List<string> names)
    {
        var next = 0L;
        while (entries.Length >= HeaderBytes)
        {
            next = BinaryPrimitives.ReadInt64LittleEndian(entries[8..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(entries[16..]);
            if (length == 0 || length > entries.Length - HeaderBytes)
            {
                throw new DriverFailure($"READDIR gave a name of {length} bytes with {entries.Length - HeaderBytes} left");
            }

            var name = Encoding.UTF8.GetString(entries.Slice(HeaderBytes, (int)length));
            if (name is not ("." or ".."))
            {
                names.Add(name);
            }

            entries = entries[Math.Min(entries.Length, (HeaderBytes + (int)length + 7) & ~7)..];
        }

        return next;
    }
}
