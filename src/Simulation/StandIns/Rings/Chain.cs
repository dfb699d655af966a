using XenDmHost.Simulation.StandIns.Memory;

namespace XenDmHost.Simulation.StandIns.Rings;

/// <summary>A request as the driver chained it: what the device reads, then what it writes.</summary>
internal sealed class Chain(ushort head, GuestMemory memory)
{
    internal ushort Head { get; } = head;

    internal GuestBuffers Readable { get; } = new(memory, writable: false);

    internal GuestBuffers Writable { get; } = new(memory, writable: true);

    /// <summary>Other memory that the request speaks of, for longer than the request lasts; null when not all of it is there.</summary>
    internal GuestBuffers? Borrow(IReadOnlyList<GuestRange> ranges)
    {
        GuestBuffers buffers = new(memory, writable: false);
        foreach (GuestRange range in ranges)
        {
            if (!memory.Covers(range.Address, range.Length)) return null;
            buffers.Add(range);
        }
        return buffers;
    }
}
