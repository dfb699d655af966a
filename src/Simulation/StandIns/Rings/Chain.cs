using XenDmHost.Simulation.StandIns.Memory;

namespace XenDmHost.Simulation.StandIns.Rings;

/// <summary>A request as the driver chained it: what the device reads, then what it writes.</summary>
internal sealed class Chain(ushort head, GuestMemory memory)
{
    internal ushort Head { get; } = head;

    internal GuestBuffers Readable { get; } = new(memory);

    internal GuestBuffers Writable { get; } = new(memory);
}
