using System.Buffers.Binary;
using System.Text;

namespace XenDmHost.Simulation.Guest.Drivers.Fs;

/// <summary>The arguments of FUSE requests, as linux/fuse.h lays them out.</summary>
internal static class FuseArguments
{
    /// <summary>struct fuse_init_in up to version 7.31.</summary>
    internal static byte[] Init(uint major, uint minor, uint readAhead) => Words(major, minor, readAhead, 0);

    /// <summary>struct fuse_getattr_in: by node, not by handle.</summary>
    internal static byte[] GetAttr() => Words(0, 0, 0, 0);

    internal static byte[] Name(string name) => [.. Encoding.UTF8.GetBytes(name), 0];

    /// <summary>struct fuse_open_in.</summary>
    internal static byte[] Open(uint flags) => Words(flags, 0);

    /// <summary>struct fuse_create_in and the name.</summary>
    internal static byte[] Create(uint flags, uint mode, string name) => [.. Words(flags, mode, 0, 0), .. Name(name)];

    /// <summary>struct fuse_read_in.</summary>
    internal static byte[] Read(ulong handle, long offset, int size) =>
        [.. Long(handle), .. Long((ulong)offset), .. Words((uint)size, 0, 0, 0, 0, 0)];

    /// <summary>struct fuse_write_in and the data.</summary>
    internal static byte[] Write(ulong handle, long offset, ReadOnlySpan<byte> data) =>
        [.. Long(handle), .. Long((ulong)offset), .. Words((uint)data.Length, 0, 0, 0, 0, 0), .. data];

    /// <summary>struct fuse_flush_in.</summary>
    internal static byte[] Flush(ulong handle) => [.. Long(handle), .. Words(0, 0, 0, 0)];

    /// <summary>struct fuse_release_in.</summary>
    internal static byte[] Release(ulong handle) => [.. Long(handle), .. Words(0, 0, 0, 0)];

    /// <summary>struct fuse_forget_in.</summary>
    internal static byte[] Forget(ulong lookups) => Long(lookups);

    private static byte[] Long(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Words(params ReadOnlySpan<uint> words)
    {
        var bytes = new byte[4 * words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), words[i]);
        }

        return bytes;
    }
}
