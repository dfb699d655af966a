namespace XenDmHost.Host.VirtioMmio;

/// <summary>
/// Commands from the one thread that answers ioreqs to the one control thread of a device: bounded, without locks, so
/// that neither can keep the other waiting.
/// </summary>
internal sealed class CommandRing
{
    // Every held access of a vCPU (128 at most) and every queue's start or stop fits many times over.
    private const int Capacity = 1024;

    private readonly DeviceCommand[] _entries = new DeviceCommand[Capacity];
    private long _head;
    private long _tail;

    internal bool IsEmpty => Volatile.Read(ref _head) == Volatile.Read(ref _tail);

    /// <summary>Adds a command; false when the ring is full.</summary>
    internal bool TryPost(in DeviceCommand command)
    {
        long tail = _tail;
        if (tail - Volatile.Read(ref _head) == Capacity)
        {
            return false;
        }

        _entries[tail % Capacity] = command;
        Volatile.Write(ref _tail, tail + 1);
        return true;
    }

    /// <summary>Takes the oldest command.</summary>
    internal bool TryTake(out DeviceCommand command)
    {
        long head = _head;
        if (head == Volatile.Read(ref _tail))
        {
            command = default;
            return false;
        }

        command = _entries[head % Capacity];
        Volatile.Write(ref _head, head + 1);
        return true;
    }
}
