using System.Buffers.Binary;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Scsi;

/// <summary>
/// One command in a buffer of its own: struct virtio_scsi_cmd_req and data for the device to read; struct
/// virtio_scsi_cmd_resp and room for data to write (virtio 1.3, 5.6.6.1).
/// </summary>
internal sealed class ScsiRequest : IDisposable
{
    internal const int CommandBytes = 32;
    internal const int SenseBytes = 96;
    private const int HeaderBytes = 19 + CommandBytes;
    private const int ResponseBytes = 12 + SenseBytes;
    private const int ResponseOffset = 64;
    private const int DataOffset = GuestMemory.PageSize;

    private readonly DmaBuffer _buffer;
    private readonly int _room;
    private readonly string _what;

    /// <param name="memory">Where the buffer comes from.</param>
    /// <param name="target">The target; the unit is its first.</param>
    /// <param name="command">The CDB.</param>
    /// <param name="data">What the device reads.</param>
    /// <param name="room">Room for what it writes.</param>
    internal ScsiRequest(DeviceMemory memory, byte target, ReadOnlySpan<byte> command, ReadOnlySpan<byte> data, int room)
    {
        _room = room;
        _what = $"{(ScsiCode)command[0]} ({Convert.ToHexStringLower(command)}) of target {target}";
        _buffer = memory.Allocate(DataOffset + data.Length + room);
        _buffer.Span[..DataOffset].Clear();
        (_buffer.Span[0], _buffer.Span[1], _buffer.Span[2]) = (1, target, 0x40);
        command.CopyTo(_buffer.Slice(19, CommandBytes));
        data.CopyTo(_buffer.Slice(DataOffset, data.Length));
        _buffer.Slice(ResponseOffset, ResponseBytes).Fill(0xee);
        Queued = new VirtqueueRequest(Segments(data.Length));
    }

    internal VirtqueueRequest Queued { get; }

    /// <summary>Waits for the response, and insists that it is one.</summary>
    internal ScsiReply Wait()
    {
        var written = (int)Queued.Wait(DriverContext.RequestLimit, _what);
        var response = _buffer.Slice(ResponseOffset, ResponseBytes);
        var senseLength = BinaryPrimitives.ReadUInt32LittleEndian(response);
        if (written < ResponseBytes || senseLength > SenseBytes)
        {
            throw new DriverFailure($"{_what} was answered with {written} bytes, {senseLength} of them sense data");
        }

        var data = _buffer.Slice(DataOffset, Math.Min(written - ResponseBytes, _room)).ToArray();
        return new ScsiReply(_what, response[11], response[10], response.Slice(12, (int)senseLength).ToArray(), data);
    }

    public void Dispose() => _buffer.Dispose();

    /// <summary>Headers apart from data, as Linux does it.</summary>
    private BufferSegment[] Segments(int dataBytes)
    {
        List<BufferSegment> segments = [BufferSegment.ForDeviceToRead(_buffer.Address, HeaderBytes)];
        if (dataBytes > 0)
        {
            segments.Add(BufferSegment.ForDeviceToRead(_buffer.Address + DataOffset, dataBytes));
        }

        segments.Add(BufferSegment.ForDeviceToWrite(_buffer.Address + ResponseOffset, ResponseBytes));
        if (_room > 0)
        {
            segments.Add(BufferSegment.ForDeviceToWrite(_buffer.Address + DataOffset, _room));
        }

        return [.. segments];
    }
}
