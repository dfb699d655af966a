using System.Buffers.Binary;

namespace XenDmHost.Simulation.Guest.Drivers.Fs;

/// <summary>A file or folder: its number in the session, and what struct fuse_attr says of it.</summary>
internal readonly record struct FsNode(ulong Id, long Size, uint Mode)
{
    internal const ulong Root = 1;

    /// <summary>Bytes of struct fuse_entry_out.</summary>
    internal const int EntryBytes = 128;

    /// <summary>Bytes of struct fuse_attr_out.</summary>
    internal const int AttrOutBytes = 104;

    private const int AttrInEntry = 40;
    private const int AttrInAttrOut = 16;
    private const uint TypeMask = 0xf000;
    private const uint Folder = 0x4000;
    private const uint Regular = 0x8000;

    internal bool IsFile => (Mode & TypeMask) == Regular;

    internal bool IsFolder => (Mode & TypeMask) == Folder;

    internal static FsNode OfEntry(ReadOnlySpan<byte> entry) =>
        OfAttr(BinaryPrimitives.ReadUInt64LittleEndian(entry), entry[AttrInEntry..]);

    internal static FsNode OfAttrOut(ulong id, ReadOnlySpan<byte> answer) => OfAttr(id, answer[AttrInAttrOut..]);

    private static FsNode OfAttr(ulong id, ReadOnlySpan<byte> attr) =>
        new(id, BinaryPrimitives.ReadInt64LittleEndian(attr[8..]), BinaryPrimitives.ReadUInt32LittleEndian(attr[60..]));
}
