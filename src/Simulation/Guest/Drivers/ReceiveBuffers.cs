using System.Collections.Concurrent;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers;

/// <summary>Keeps a queue stocked with buffers of one size, as Linux does, and hands out what comes, in order.</summary>
internal sealed class ReceiveBuffers
{
    private const int Most = 32;

    private readonly SplitVirtqueue _queue;
    private readonly DmaBuffer _memory;
    private readonly int _bytes;
    private readonly BlockingCollection<(int Slot, VirtqueueRequest Request)> _filled = [];

    internal ReceiveBuffers(DeviceMemory memory, SplitVirtqueue queue, int bytes)
    {
        _queue = queue;
        _bytes = (bytes + 7) & ~7;
        var count = Math.Min(queue.Size, Most);
        _memory = memory.Allocate(count * _bytes);
        for (var slot = 0; slot < count; slot++)
        {
            Stock(slot);
        }

        queue.Kick();
    }

    /// <summary>A copy of the next message; its buffer goes back to the device. Null when none came within the limit.</summary>
    internal byte[]? Take(TimeSpan limit)
    {
        if (!_filled.TryTake(out var filled, limit))
        {
            return null;
        }

        if (filled.Request.Written > _bytes)
        {
            throw new DriverFailure($"queue {_queue.Index}: {filled.Request.Written} bytes in a buffer of {_bytes}");
        }

        var message = _memory.Slice(filled.Slot * _bytes, (int)filled.Request.Written).ToArray();
        Stock(filled.Slot);
        _queue.Kick();
        return message;
    }

    private void Stock(int slot)
    {
        // In interrupt context nothing may wait: the buffer goes back by whoever takes the message.
        VirtqueueRequest request = new(BufferSegment.ForDeviceToWrite(_memory.Address + (uint)(slot * _bytes), _bytes))
        {
            Completed = done => _filled.Add((slot, done)),
        };
        _queue.Add(request, DriverContext.RequestLimit);
    }
}
