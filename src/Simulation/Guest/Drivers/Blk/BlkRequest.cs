using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Blk;

/// <summary>
/// One request in a buffer of its own: a 16-byte header at the start, the status byte behind it, the data from the second
/// page on. The data goes as several descriptors, so that back-ends meet chains.
/// </summary>
internal sealed class BlkRequest : IDisposable
{
    private const int HeaderBytes = 16;
    private const int StatusOffset = HeaderBytes;
    private const int DataOffset = GuestMemory.PageSize;

    private readonly DmaBuffer _buffer;
    private readonly int _length;
    private readonly string _what;

    /// <param name="memory">Where the buffer comes from.</param>
    /// <param name="type">What to do.</param>
    /// <param name="sector">First sector of 512 bytes.</param>
    /// <param name="length">Bytes of data.</param>
    /// <param name="segment">Bytes of one descriptor at most.</param>
    internal BlkRequest(DeviceMemory memory, BlkRequestType type, ulong sector, int length, int segment)
    {
        _buffer = memory.Allocate(DataOffset + length);
        _length = length;
        _what = $"{type} of {length} bytes at sector {sector}";
        _buffer.WriteU32(0, (uint)type);
        _buffer.WriteU64(8, sector);
        _buffer.Span[StatusOffset] = (byte)BlkStatus.NotAnswered;
        Sector = sector;
        Queued = new VirtqueueRequest(Segments(type != BlkRequestType.Out, segment));
    }

    internal ulong Sector { get; }

    internal VirtqueueRequest Queued { get; }

    internal Span<byte> Data => _buffer.Slice(DataOffset, _length);

    /// <summary>Waits, and insists on a status.</summary>
    internal void Expect(BlkStatus expected)
    {
        var written = Queued.Wait(DriverContext.RequestLimit, _what);
        var status = (BlkStatus)_buffer.Span[StatusOffset];
        if (status != expected)
        {
            throw new DriverFailure($"{_what} ended with status {status} instead of {expected} ({written} bytes written)");
        }
    }

    public void Dispose() => _buffer.Dispose();

    private BufferSegment[] Segments(bool deviceWrites, int segment)
    {
        List<BufferSegment> segments = [BufferSegment.ForDeviceToRead(_buffer.Address, HeaderBytes)];
        for (var done = 0; done < _length; done += segment)
        {
            var bytes = Math.Min(segment, _length - done);
            segments.Add(new BufferSegment(_buffer.Address + (uint)(DataOffset + done), (uint)bytes, deviceWrites));
        }

        segments.Add(BufferSegment.ForDeviceToWrite(_buffer.Address + StatusOffset, 1));
        return [.. segments];
    }
}
