using System.Buffers.Binary;
using System.Text;

namespace XenDmHost.Simulation.StandIns.Devices.Fs;

/// <summary>The answers' structures, little-endian, as linux/fuse.h lays them out.</summary>
internal static class FuseLayout
{
    private const int AttributeSize = 88, EntryHeaderSize = 24;
    private const uint Folder = 0x4000, Regular = 0x8000;

    /// <summary>struct fuse_init_out of version 7.31.</summary>
    internal static byte[] Init(uint readAhead, uint largestWrite)
    {
        byte[] init = new byte[64];
        U32(init, 0, FuseSession.Major);
        U32(init, 4, FuseSession.Minor);
        U32(init, 8, readAhead);
        U32(init, 20, largestWrite);
        U32(init, 24, 1);
        return init;
    }

    /// <summary>struct fuse_entry_out. Nothing may be kept: the folder is the host's, and it may change it.</summary>
    internal static byte[] Entry(ulong node, FileSystemInfo file) => [.. Long(node), .. new byte[32], .. Attributes(node, file)];

    /// <summary>struct fuse_attr_out.</summary>
    internal static byte[] AttributesOut(ulong node, FileSystemInfo file) => [.. new byte[16], .. Attributes(node, file)];

    /// <summary>struct fuse_open_out.</summary>
    internal static byte[] Opened(ulong handle) => [.. Long(handle), .. new byte[8]];

    /// <summary>struct fuse_dirent, filled up to a multiple of 8 bytes.</summary>
    internal static byte[] FolderEntry(ulong node, ulong next, FileSystemInfo file)
    {
        byte[] name = Encoding.UTF8.GetBytes(file.Name);
        byte[] entry = new byte[(EntryHeaderSize + name.Length + 7) & ~7];
        Long(node).CopyTo(entry, 0);
        Long(next).CopyTo(entry, 8);
        U32(entry, 16, (uint)name.Length);
        U32(entry, 20, TypeOf(file) >> 12);
        name.CopyTo(entry, EntryHeaderSize);
        return entry;
    }

    private static byte[] Attributes(ulong node, FileSystemInfo file)
    {
        byte[] attributes = new byte[AttributeSize];
        long size = file is FileInfo regular ? regular.Length : 0;
        Long(node).CopyTo(attributes, 0);
        Long((ulong)size).CopyTo(attributes, 8);
        Long((ulong)((size + 511) / 512)).CopyTo(attributes, 16);
        ulong modified = (ulong)new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeSeconds();
        for (int time = 24; time <= 40; time += 8) Long(modified).CopyTo(attributes, time);
        U32(attributes, 60, TypeOf(file) | (uint)file.UnixFileMode);
        U32(attributes, 64, 1);
        U32(attributes, 80, 4096);
        return attributes;
    }

    private static uint TypeOf(FileSystemInfo file) => file is DirectoryInfo ? Folder : Regular;

    private static byte[] Long(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static void U32(byte[] bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);
}
