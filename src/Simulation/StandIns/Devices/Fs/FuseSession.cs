using System.Buffers.Binary;
using System.Text;

namespace XenDmHost.Simulation.StandIns.Devices.Fs;

/// <summary>A FUSE session (linux/fuse.h, 7.31) over a folder that can only be read. Handles are the files' numbers.</summary>
internal sealed class FuseSession(SharedFolder folder)
{
    internal const uint Major = 7, Minor = 31;
    private const int LargestRead = 1 << 20;
    private const uint AccessMode = 3;

    private bool _begun;

    /// <summary>The answer to a request, none of whose bytes is to be trusted.</summary>
    /// <param name="operation">What is asked for.</param>
    /// <param name="node">The file's number.</param>
    /// <param name="arguments">What follows struct fuse_in_header.</param>
    /// <param name="room">How many bytes the answer may have.</param>
    internal FuseAnswer Answer(FuseOperation operation, ulong node, ReadOnlySpan<byte> arguments, int room)
    {
        if (operation == FuseOperation.Init) return Begin(arguments);

        // As virtiofsd: a daemon that was started again knows nothing of the session before it.
        if (!_begun) return FuseAnswer.Failed(FuseError.IoError);
        if (folder.Find(node) is not { } file) return FuseAnswer.Failed(FuseError.NoSuchFile);
        return operation switch
        {
            FuseOperation.LookUp => LookUp(file, arguments),
            FuseOperation.GetAttributes => FuseAnswer.Of(FuseLayout.AttributesOut(node, file)),
            FuseOperation.Open => Open(node, file, arguments),
            FuseOperation.Read => Read(file, arguments, room),
            FuseOperation.OpenFolder => file is DirectoryInfo ? FuseAnswer.Of(FuseLayout.Opened(node)) : FuseAnswer.Failed(FuseError.NoFolder),
            FuseOperation.ReadFolder => ReadFolder(file, arguments, room),
            FuseOperation.Write or FuseOperation.Create => FuseAnswer.Failed(FuseError.ReadOnly),
            FuseOperation.Flush or FuseOperation.Release or FuseOperation.ReleaseFolder or FuseOperation.Destroy => FuseAnswer.Done,
            _ => FuseAnswer.Failed(FuseError.NotServed),
        };
    }

    private FuseAnswer Begin(ReadOnlySpan<byte> arguments)
    {
        if (arguments.Length < 16 || U32(arguments, 0) != Major) return FuseAnswer.Failed(FuseError.Invalid);
        _begun = true;
        return FuseAnswer.Of(FuseLayout.Init(readAhead: U32(arguments, 8), largestWrite: LargestRead));
    }

    private FuseAnswer LookUp(FileSystemInfo file, ReadOnlySpan<byte> arguments)
    {
        int end = arguments.IndexOf((byte)0);
        if (end < 0) return FuseAnswer.Failed(FuseError.Invalid);
        if (file is not DirectoryInfo parent) return FuseAnswer.Failed(FuseError.NoFolder);
        return folder.Find(parent, Encoding.UTF8.GetString(arguments[..end])) is var (node, found)
            ? FuseAnswer.Of(FuseLayout.Entry(node, found))
            : FuseAnswer.Failed(FuseError.NoSuchFile);
    }

    private static FuseAnswer Open(ulong node, FileSystemInfo file, ReadOnlySpan<byte> arguments)
    {
        if (arguments.Length < 8) return FuseAnswer.Failed(FuseError.Invalid);
        if (file is DirectoryInfo) return FuseAnswer.Failed(FuseError.IsFolder);
        return (U32(arguments, 0) & AccessMode) == 0 ? FuseAnswer.Of(FuseLayout.Opened(node)) : FuseAnswer.Failed(FuseError.ReadOnly);
    }

    private static FuseAnswer Read(FileSystemInfo file, ReadOnlySpan<byte> arguments, int room)
    {
        if (arguments.Length < 40) return FuseAnswer.Failed(FuseError.Invalid);
        if (file is not FileInfo) return FuseAnswer.Failed(FuseError.IsFolder);
        (ulong offset, uint size) = (BinaryPrimitives.ReadUInt64LittleEndian(arguments[8..]), U32(arguments, 16));
        if (offset > long.MaxValue) return FuseAnswer.Failed(FuseError.Invalid);
        byte[] data = new byte[Math.Min(Math.Min(size, (uint)room), LargestRead)];
        using FileStream content = new(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        int read = RandomAccess.Read(content.SafeFileHandle, data, (long)offset);
        return FuseAnswer.Of(data[..read]);
    }

    private FuseAnswer ReadFolder(FileSystemInfo file, ReadOnlySpan<byte> arguments, int room)
    {
        if (arguments.Length < 40) return FuseAnswer.Failed(FuseError.Invalid);
        if (file is not DirectoryInfo parent) return FuseAnswer.Failed(FuseError.NoFolder);
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(arguments[8..]);
        IReadOnlyList<(ulong Node, FileSystemInfo File)> all = folder.List(parent);
        long most = Math.Min(U32(arguments, 16), room);
        List<byte> entries = [];
        for (ulong i = offset; i < (ulong)all.Count; i++)
        {
            byte[] entry = FuseLayout.FolderEntry(all[(int)i].Node, next: i + 1, all[(int)i].File);
            if (entries.Count + entry.Length > most) break;
            entries.AddRange(entry);
        }
        return FuseAnswer.Of([.. entries]);
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
