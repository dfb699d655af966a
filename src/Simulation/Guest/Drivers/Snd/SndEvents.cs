using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Snd;

/// <summary>Keeps the event queue stocked with buffers, as Linux does, and counts what comes (struct virtio_snd_event, 8 bytes).</summary>
internal sealed class SndEvents
{
    private const int EventBytes = 8;
    private const int Most = 16;

    private int _received;

    internal SndEvents(DeviceMemory memory, SplitVirtqueue queue)
    {
        var count = Math.Min(queue.Size, Most);
        var buffer = memory.Allocate(count * EventBytes);
        for (var i = 0; i < count; i++)
        {
            var segment = BufferSegment.ForDeviceToWrite(buffer.Address + (uint)(i * EventBytes), EventBytes);
            queue.Add(new VirtqueueRequest(segment) { Completed = _ => Interlocked.Increment(ref _received) }, DriverContext.RequestLimit);
        }

        queue.Kick();
    }

    internal int Received => Volatile.Read(ref _received);
}
