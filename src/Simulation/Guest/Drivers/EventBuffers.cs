using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers;

/// <summary>Keeps an event queue stocked with buffers, as Linux does, and counts what comes.</summary>
internal sealed class EventBuffers
{
    private const int Most = 16;

    private int _received;

    internal EventBuffers(DeviceMemory memory, SplitVirtqueue queue, int eventBytes)
    {
        var count = Math.Min(queue.Size, Most);
        var buffer = memory.Allocate(count * eventBytes);
        for (var i = 0; i < count; i++)
        {
            var segment = BufferSegment.ForDeviceToWrite(buffer.Address + (uint)(i * eventBytes), eventBytes);
            queue.Add(new VirtqueueRequest(segment) { Completed = _ => Interlocked.Increment(ref _received) }, DriverContext.RequestLimit);
        }

        queue.Kick();
    }

    internal int Received => Volatile.Read(ref _received);
}
