using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Blk;

/// <summary>Moves pieces of the disk through one queue with several requests in flight.</summary>
internal sealed class BlkWorker(DeviceMemory memory, SplitVirtqueue queue, BlkGeometry geometry)
{
    private const int InFlight = 8;
    private const int DataDescriptors = 4;

    /// <summary>The most bytes that one request can carry under the device's limits and ours.</summary>
    internal int MostBytes
    {
        get
        {
            var limit = Math.Min(geometry.LargestSegment * (long)Math.Min(DataDescriptors, geometry.MostSegments), 64 * 1024);
            return (int)(limit / geometry.BlockSize * geometry.BlockSize);
        }
    }

    internal void Write(IEnumerable<BlkSpan> pieces, BlkPattern pattern) =>
        MoveAll(BlkRequestType.Out, pieces, request => pattern.Fill(request.Data, request.Sector), _ => { });

    internal void Verify(IEnumerable<BlkSpan> pieces, BlkPattern pattern)
    {
        var expected = new byte[MostBytes];
        MoveAll(BlkRequestType.In, pieces, _ => { }, request =>
        {
            var wanted = expected.AsSpan(0, request.Data.Length);
            pattern.Fill(wanted, request.Sector);
            var same = wanted.CommonPrefixLength(request.Data);
            if (same != wanted.Length)
            {
                throw new DriverFailure($"byte {same} read back from sector {request.Sector} on differs from what was written there");
            }
        });
    }

    /// <summary>One request alone.</summary>
    internal byte[] Do(BlkRequestType type, ulong sector, int length, BlkStatus expected)
    {
        var request = new BlkRequest(memory, type, sector, length, Segment(length));
        queue.Submit(request.Queued, DriverContext.RequestLimit);
        request.Expect(expected);
        var data = request.Data.ToArray();
        request.Dispose();
        return data;
    }

    private void MoveAll(BlkRequestType type, IEnumerable<BlkSpan> pieces, Action<BlkRequest> before, Action<BlkRequest> after)
    {
        foreach (var batch in pieces.Chunk(InFlight))
        {
            var requests = Array.ConvertAll(batch, piece => new BlkRequest(memory, type, piece.FirstSector, piece.Bytes, Segment(piece.Bytes)));
            Array.ForEach(requests, before);
            Array.ForEach(requests, request => queue.Add(request.Queued, DriverContext.RequestLimit));
            queue.Kick();
            Array.ForEach(requests, request => request.Expect(BlkStatus.Ok));
            Array.ForEach(requests, after);
            Array.ForEach(requests, request => request.Dispose());
        }
    }

    /// <summary>Splits the data over as many descriptors as are allowed, at least a sector each.</summary>
    private int Segment(int length)
    {
        var parts = (int)Math.Min(DataDescriptors, geometry.MostSegments);
        var each = (length + parts - 1) / parts;
        return Math.Max(BlkGeometry.SectorSize, (each + BlkGeometry.SectorSize - 1) / BlkGeometry.SectorSize * BlkGeometry.SectorSize);
    }
}
