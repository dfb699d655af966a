namespace XenDmHost.Simulation.Guest.Virtqueues;

/// <summary>One indirect table for each descriptor of a queue, reserved once: a request never waits for memory.</summary>
internal sealed class IndirectTables(GuestMemory memory, int queueSize) : IDisposable
{
    /// <summary>The longest chain that goes into a table.</summary>
    internal const int Entries = 8;
    private const int TableBytes = Entries * SplitRingLayout.DescriptorBytes;

    private readonly DmaBuffer _tables = memory.Allocate(queueSize * TableBytes);

    /// <summary>Writes the chain into the table of <paramref name="head"/> and gives the segment that points to it.</summary>
    internal BufferSegment Write(int head, IReadOnlyList<BufferSegment> chain)
    {
        var start = head * TableBytes;
        for (var i = 0; i < chain.Count; i++)
        {
            var flags = chain[i].DeviceWrites ? DescriptorFlags.Write : DescriptorFlags.None;
            var isLast = i == chain.Count - 1;
            var offset = start + (i * SplitRingLayout.DescriptorBytes);
            SplitRing.WriteDescriptor(_tables, offset, chain[i], isLast ? flags : flags | DescriptorFlags.Next, isLast ? 0 : i + 1);
        }

        var bytes = chain.Count * SplitRingLayout.DescriptorBytes;
        return BufferSegment.ForDeviceToRead(_tables.Address + (uint)start, bytes);
    }

    public void Dispose() => _tables.Dispose();
}
