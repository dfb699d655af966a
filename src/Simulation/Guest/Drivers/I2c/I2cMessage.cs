using System.Buffers.Binary;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.I2c;

/// <summary>One message on the bus: struct virtio_i2c_out_hdr, data in one of both directions, a status (virtio 1.3, 5.20.6).</summary>
internal sealed class I2cMessage : IDisposable
{
    private const int HeaderBytes = 8;
    private const int DataOffset = 16;
    private const uint FailNextFlag = 1;
    private const uint ReadFlag = 2;

    private readonly DmaBuffer _buffer;
    private readonly int _length;

    private I2cMessage(DeviceMemory memory, int address, uint flags, ReadOnlySpan<byte> data, int length)
    {
        _length = length;
        _buffer = memory.Allocate(DataOffset + length + 1);
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.Span, (ushort)(address << 1));
        _buffer.WriteU32(4, flags);
        data.CopyTo(_buffer.Slice(DataOffset, data.Length));
        _buffer.Span[DataOffset + length] = 0xff;
        List<BufferSegment> segments = [BufferSegment.ForDeviceToRead(_buffer.Address, HeaderBytes)];
        if (length > 0)
        {
            segments.Add(new BufferSegment(_buffer.Address + DataOffset, (uint)length, DeviceWrites: (flags & ReadFlag) != 0));
        }

        segments.Add(BufferSegment.ForDeviceToWrite(_buffer.Address + (uint)(DataOffset + length), 1));
        Queued = new VirtqueueRequest([.. segments]);
    }

    internal VirtqueueRequest Queued { get; }

    internal ReadOnlySpan<byte> Data => _buffer.Slice(DataOffset, _length);

    /// <param name="memory">Where the buffer comes from.</param>
    /// <param name="address">7 bits.</param>
    /// <param name="data">What is written; nothing is allowed, and asks only whether somebody is there.</param>
    /// <param name="failNext">Whether the next message of the queue fails if this one does.</param>
    internal static I2cMessage Write(DeviceMemory memory, int address, ReadOnlySpan<byte> data, bool failNext = false) =>
        new(memory, address, failNext ? FailNextFlag : 0, data, data.Length);

    internal static I2cMessage Read(DeviceMemory memory, int address, int length) => new(memory, address, ReadFlag, [], length);

    /// <summary>Waits; whether somebody has acknowledged.</summary>
    internal bool Wait()
    {
        Queued.Wait(DriverContext.RequestLimit, "an i2c message");
        var status = _buffer.Span[DataOffset + _length];
        return status <= 1 ? status == 0 : throw new DriverFailure($"an i2c message ended with status {status}");
    }

    public void Dispose() => _buffer.Dispose();
}
