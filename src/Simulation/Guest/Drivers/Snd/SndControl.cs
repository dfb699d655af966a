using System.Buffers.Binary;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Snd;

/// <summary>The control queue: one request at a time, each answered with a status and, for queries, with an array.</summary>
internal sealed class SndControl(DeviceMemory memory, SplitVirtqueue queue)
{
    private const int ResponseOffset = 256;
    private const int StatusBytes = 4;

    /// <summary>VIRTIO_SND_R_*_INFO for the items from 0 on; the array that came.</summary>
    internal byte[] Query(SndCode code, int count, int itemSize)
    {
        Span<byte> request = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(request, (uint)code);
        BinaryPrimitives.WriteInt32LittleEndian(request[8..], count);
        BinaryPrimitives.WriteInt32LittleEndian(request[12..], itemSize);
        return Send(request, $"{code} of {count} items", count * itemSize);
    }

    /// <summary>A request about one stream that has no parameters.</summary>
    internal void Stream(SndCode code, int stream)
    {
        Span<byte> request = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(request, (uint)code);
        BinaryPrimitives.WriteInt32LittleEndian(request[4..], stream);
        Send(request, $"{code} of stream {stream}", 0);
    }

    /// <summary>S16 at 48000 Hz; sizes in bytes.</summary>
    internal void SetParameters(int stream, int bufferBytes, int periodBytes, byte channels)
    {
        Span<byte> request = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(request, (uint)SndCode.PcmSetParams);
        BinaryPrimitives.WriteInt32LittleEndian(request[4..], stream);
        BinaryPrimitives.WriteInt32LittleEndian(request[8..], bufferBytes);
        BinaryPrimitives.WriteInt32LittleEndian(request[12..], periodBytes);
        request[20] = channels;
        request[21] = SndPcmInfo.FormatS16;
        request[22] = SndPcmInfo.Rate48000;
        Send(request, $"{SndCode.PcmSetParams} of stream {stream}", 0);
    }

    private byte[] Send(ReadOnlySpan<byte> request, string what, int payload)
    {
        var buffer = memory.Allocate(ResponseOffset + StatusBytes + payload);
        request.CopyTo(buffer.Span);
        List<BufferSegment> segments =
        [
            BufferSegment.ForDeviceToRead(buffer.Address, request.Length),
            BufferSegment.ForDeviceToWrite(buffer.Address + ResponseOffset, StatusBytes),
        ];
        if (payload > 0)
        {
            segments.Add(BufferSegment.ForDeviceToWrite(buffer.Address + ResponseOffset + StatusBytes, payload));
        }

        var queued = new VirtqueueRequest([.. segments]);
        queue.Submit(queued, DriverContext.RequestLimit);
        queued.Wait(DriverContext.RequestLimit, what);
        var status = buffer.ReadU32(ResponseOffset);
        var answer = buffer.Slice(ResponseOffset + StatusBytes, payload).ToArray();
        buffer.Dispose();
        return status == (uint)SndCode.Ok
            ? answer
            : throw new DriverFailure($"{what} ended with status 0x{status:x} instead of OK");
    }
}
