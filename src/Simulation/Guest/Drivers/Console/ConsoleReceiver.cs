using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Console;

/// <summary>
/// Keeps a queue stocked with empty buffers, and gives what came in them in the order in which it came. A buffer goes back
/// to the queue when its bytes were taken.
/// </summary>
internal sealed class ConsoleReceiver
{
    private readonly SplitVirtqueue _queue;
    private readonly Queue<(DmaBuffer Buffer, int Length)> _filled = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Lock _gate = new();

    internal ConsoleReceiver(DeviceMemory memory, SplitVirtqueue queue, int buffers, int bufferBytes)
    {
        _queue = queue;
        for (var i = 0; i < Math.Min(buffers, queue.Size); i++)
        {
            Offer(memory.Allocate(bufferBytes));
        }

        queue.Kick();
    }

    /// <summary>The next buffer's bytes; empty ones are left out.</summary>
    /// <exception cref="DriverFailure">Nothing came within the limit.</exception>
    internal byte[] Receive(string what)
    {
        while (true)
        {
            if (!_arrived.Wait(DriverContext.RequestLimit))
            {
                throw new DriverFailure($"{what} did not come within {DriverContext.RequestLimit.TotalSeconds:0.#} s");
            }

            var bytes = TakeNext();
            if (bytes.Length > 0)
            {
                return bytes;
            }
        }
    }

    private byte[] TakeNext()
    {
        DmaBuffer buffer;
        int length;
        lock (_gate)
        {
            (buffer, length) = _filled.Dequeue();
        }

        var bytes = buffer.Slice(0, length).ToArray();
        Offer(buffer);
        _queue.Kick();
        return bytes;
    }

    private void Offer(DmaBuffer buffer) => _queue.Add(
        new VirtqueueRequest(BufferSegment.ForDeviceToWrite(buffer.Address, buffer.Length))
        {
            Completed = request => Keep(buffer, (int)request.Written),
        },
        DriverContext.RequestLimit);

    private void Keep(DmaBuffer buffer, int length)
    {
        lock (_gate)
        {
            _filled.Enqueue((buffer, length));
        }

        _arrived.Release();
    }
}
