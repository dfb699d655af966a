using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers;

/// <summary>Sends messages over a queue, one at a time, each in a buffer that the device gives back.</summary>
internal sealed class Transmitter(DeviceMemory memory, SplitVirtqueue queue)
{
    /// <summary>Sends a header and what follows it as two descriptors, or as one when nothing does.</summary>
    internal void Send(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data, string what)
    {
        using var buffer = memory.Allocate(header.Length + data.Length);
        header.CopyTo(buffer.Span);
        data.CopyTo(buffer.Slice(header.Length, data.Length));
        List<BufferSegment> segments = [BufferSegment.ForDeviceToRead(buffer.Address, header.Length)];
        if (data.Length > 0)
        {
            segments.Add(BufferSegment.ForDeviceToRead(buffer.Address + (uint)header.Length, data.Length));
        }

        var request = new VirtqueueRequest([.. segments]);
        queue.Submit(request, DriverContext.RequestLimit);
        request.Wait(DriverContext.RequestLimit, what);
    }
}
