using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Console;

/// <summary>
/// What goes to the driver on one queue: its empty buffers wait here for messages, or messages for its buffers. A message
/// that is longer than a buffer goes on in the next one.
/// </summary>
internal sealed class ConsoleInput(int queue)
{
    /// <summary>A driver that never gives buffers must not fill this process.</summary>
    private const int MostWaiting = 1024;

    private readonly Queue<Chain> _buffers = new();
    private readonly Queue<byte[]> _messages = new();
    private int _sent;

    internal void Add(Chain buffer, IQueues queues)
    {
        _buffers.Enqueue(buffer);
        Deliver(queues);
    }

    internal void Send(byte[] message, IQueues queues)
    {
        if (message.Length == 0 || _messages.Count == MostWaiting) return;
        _messages.Enqueue(message);
        Deliver(queues);
    }

    /// <summary>Gives back the buffers that nothing came for, with nothing in them.</summary>
    internal void GiveBack(IQueues queues)
    {
        while (_buffers.TryDequeue(out Chain? buffer)) queues.Complete(queue, buffer, 0);
    }

    private void Deliver(IQueues queues)
    {
        while (_buffers.Count > 0 && _messages.TryPeek(out byte[]? message))
        {
            Chain buffer = _buffers.Dequeue();
            int length = (int)Math.Min(message.Length - _sent, buffer.Writable.Length);
            // A buffer whose memory has gone comes back empty; the message waits for the next one.
            if (!buffer.Writable.TryWrite(0, message.AsSpan(_sent, length))) length = 0;
            _sent += length;
            if (_sent == message.Length)
            {
                _messages.Dequeue();
                _sent = 0;
            }
            queues.Complete(queue, buffer, (uint)length);
        }
    }
}
