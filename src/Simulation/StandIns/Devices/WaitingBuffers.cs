using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices;

/// <summary>Buffers that a driver has put ready for what may come, and what has come and found no buffer yet. In order.</summary>
internal sealed class WaitingBuffers(int queue)
{
    /// <summary>A guest that makes work and gives no buffers for the answers loses them at some point.</summary>
    private const int MostMessages = 4096;

    private readonly Queue<Chain> _buffers = [];
    private readonly Queue<byte[]> _messages = [];

    /// <summary>Buffers that no message has a claim on.</summary>
    internal int Free => Math.Max(0, _buffers.Count - _messages.Count);

    /// <summary>Bytes that fit into the next of them.</summary>
    internal long Room => Free > 0 ? _buffers.Peek().Writable.Length : 0;

    internal Served Add(Chain buffer, IQueues queues)
    {
        _buffers.Enqueue(buffer);
        Deliver(queues);
        return Served.Kept;
    }

    /// <summary>Gives a message to the driver, now or with its next buffer. One that does not fit is cut.</summary>
    internal void Send(byte[] message, IQueues queues)
    {
        if (_messages.Count < MostMessages) _messages.Enqueue(message);
        Deliver(queues);
    }

    /// <summary>The queue stops: the driver has its buffers back.</summary>
    internal void Forget() => _buffers.Clear();

    private void Deliver(IQueues queues)
    {
        while (_buffers.Count > 0 && _messages.TryDequeue(out byte[]? message))
        {
            Chain buffer = _buffers.Dequeue();
            int length = (int)Math.Min(message.Length, buffer.Writable.Length);
            bool written = buffer.Writable.TryWrite(0, message.AsSpan(0, length));
            queues.Complete(queue, buffer, written ? (uint)length : 0);
        }
    }
}
