using System.Buffers.Binary;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Fs;

/// <summary>
/// A FUSE session over the device's queues. Single requests go one after the other; reads and writes of a file go several at
/// once, spread over all request queues.
/// </summary>
/// <param name="memory">Where buffers come from.</param>
/// <param name="queues">The high-priority queue, then the request queues.</param>
internal sealed class FsSession(DeviceMemory memory, IReadOnlyList<SplitVirtqueue> queues)
{
    private const uint Major = 7;
    private const uint Minor = 31;
    private const int PieceBytes = 32 * 1024;
    private const int InFlight = 8;

    private ulong _unique;

    /// <summary>"7.31": what the daemon answered to INIT.</summary>
    internal string Version { get; private set; } = "";

    /// <summary>Begins the session; also ends the one before it, if there was one.</summary>
    internal void Begin()
    {
        var answer = Do(FuseOpcode.Init, 0, FuseArguments.Init(Major, Minor, PieceBytes), 64).Expect(24);
        var major = BinaryPrimitives.ReadUInt32LittleEndian(answer);
        Version = $"{major}.{BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(4))}";
        if (major != Major)
        {
            throw new DriverFailure($"the daemon speaks FUSE {Version}, the driver {Major}.{Minor}");
        }
    }

    internal FsNode GetAttr(ulong node) =>
        FsNode.OfAttrOut(node, Do(FuseOpcode.GetAttr, node, FuseArguments.GetAttr(), FsNode.AttrOutBytes).Expect(FsNode.AttrOutBytes));

    /// <summary>The file of a name in a folder, or the error.</summary>
    internal FuseReply Lookup(ulong folder, string name) => Do(FuseOpcode.Lookup, folder, FuseArguments.Name(name), FsNode.EntryBytes);

    /// <summary>The handle of a file, opened to be read.</summary>
    internal ulong Open(ulong node) => BinaryPrimitives.ReadUInt64LittleEndian(Open(node, flags: 0).Expect(16));

    /// <summary>The same with flags of open(2); the answer is a handle, or an error.</summary>
    internal FuseReply Open(ulong node, uint flags) => Do(FuseOpcode.Open, node, FuseArguments.Open(flags), 16);

    /// <summary>Makes a file that is not there yet, to be read and written; the answer is an entry and a handle, or an error.</summary>
    internal FuseReply Create(ulong folder, string name)
    {
        const uint ReadWriteCreateExclusive = 0x2 | 0x40 | 0x80;
        return Do(FuseOpcode.Create, folder, FuseArguments.Create(ReadWriteCreateExclusive, 0x81a4, name), FsNode.EntryBytes + 16);
    }

    /// <summary>The names in a folder, without . and .., in the order of their bytes.</summary>
    internal List<string> List(ulong folder)
    {
        var handle = BinaryPrimitives.ReadUInt64LittleEndian(Do(FuseOpcode.OpenDir, folder, FuseArguments.Open(0), 16).Expect(16));
        List<string> names = [];
        for (var offset = 0L; ;)
        {
            var entries = Do(FuseOpcode.ReadDir, folder, FuseArguments.Read(handle, offset, GuestMemory.PageSize), GuestMemory.PageSize).Expect();
            if (entries.Length == 0)
            {
                break;
            }

            offset = FsFolder.Read(entries, names);
        }

        Do(FuseOpcode.ReleaseDir, folder, FuseArguments.Release(handle), 0).Expect();
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>Reads a part of an open file; one that ends earlier is a failure.</summary>
    internal byte[] Read(ulong node, ulong handle, long offset, int length)
    {
        var data = new byte[length];
        InPieces(
            length,
            (start, size) => Make(FuseOpcode.Read, node, FuseArguments.Read(handle, offset + start, size), size),
            (reply, start, size) => reply.Expect(size).CopyTo(data, start));
        return data;
    }

    internal void Write(ulong node, ulong handle, byte[] data) => InPieces(
        data.Length,
        (start, size) => Make(FuseOpcode.Write, node, FuseArguments.Write(handle, start, data.AsSpan(start, size)), 8),
        (reply, _, size) =>
        {
            var written = BinaryPrimitives.ReadInt32LittleEndian(reply.Expect(8));
            if (written != size)
            {
                throw new DriverFailure($"{reply.What} wrote {written} bytes of {size}");
            }
        });

    internal void Close(ulong node, ulong handle)
    {
        Do(FuseOpcode.Flush, node, FuseArguments.Flush(handle), 0).Expect();
        Do(FuseOpcode.Release, node, FuseArguments.Release(handle), 0).Expect();
    }

    /// <summary>Lets a node go that was looked up once; over the high-priority queue, and without an answer.</summary>
    internal void Forget(ulong node)
    {
        using var request = new FuseRequest(memory, FuseOpcode.Forget, ++_unique, node, FuseArguments.Forget(1), answer: null);
        queues[0].Submit(request.Queued, DriverContext.RequestLimit);
        request.Queued.Wait(DriverContext.RequestLimit, $"{FuseOpcode.Forget} of node {node}");
    }

    private FuseReply Do(FuseOpcode opcode, ulong node, ReadOnlySpan<byte> arguments, int answer)
    {
        using var request = Make(opcode, node, arguments, answer);
        queues[1].Submit(request.Queued, DriverContext.RequestLimit);
        return request.Wait();
    }

    private FuseRequest Make(FuseOpcode opcode, ulong node, ReadOnlySpan<byte> arguments, int answer) =>
        new(memory, opcode, ++_unique, node, arguments, answer);

    private void InPieces(int length, Func<int, int, FuseRequest> make, Action<FuseReply, int, int> take)
    {
        var pieces = Enumerable.Range(0, (length + PieceBytes - 1) / PieceBytes)
            .Select(i => (Start: i * PieceBytes, Size: Math.Min(PieceBytes, length - (i * PieceBytes))));
        foreach (var batch in pieces.Chunk(InFlight))
        {
            var requests = Array.ConvertAll(batch, piece => make(piece.Start, piece.Size));
            for (var i = 0; i < requests.Length; i++)
            {
                queues[1 + (i % (queues.Count - 1))].Submit(requests[i].Queued, DriverContext.RequestLimit);
            }

            for (var i = 0; i < requests.Length; i++)
            {
                take(requests[i].Wait(), batch[i].Start, batch[i].Size);
                requests[i].Dispose();
            }
        }
    }
}
