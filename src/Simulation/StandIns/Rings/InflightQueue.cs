using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Rings;

/// <summary>
/// One split queue's part of the buffer in which a back-end notes what it works on (vhost-user.rst, "Inflight I/O
/// tracking"): a header of 16 bytes, then 16 bytes for each descriptor. It outlives this process.
/// </summary>
internal sealed class InflightQueue(Mapping mapping, long start, int size)
{
    private const int HeaderSize = 16, EntrySize = 16, Alignment = 64;
    private const int VersionOffset = 8, DescriptorCountOffset = 10, LastBatchOffset = 12, UsedIndexOffset = 14;
    private const int NextOffset = 6, CounterOffset = 8;

    private ulong _counter;

    internal static long BytesFor(int size) => (HeaderSize + (EntrySize * (long)size) + Alignment - 1) / Alignment * Alignment;

    /// <summary>Whether the part has been used before; then it fits the queue.</summary>
    internal bool IsInUse => mapping.ReadU16(start + VersionOffset) == 1;

    internal void Initialize()
    {
        mapping.WriteU16(start + DescriptorCountOffset, (ushort)size);
        mapping.WriteU16(start + VersionOffset, 1);
    }

    /// <summary>A request was taken from the ring.</summary>
    internal void Begin(ushort head)
    {
        if (head >= size) return;
        mapping.WriteU64(Entry(head) + CounterOffset, _counter++);
        mapping.WriteReleaseU8(Entry(head), 1);
    }

    /// <summary>A request is about to be given back: until <see cref="Finish"/> it is the last batch.</summary>
    internal void Prepare(ushort head)
    {
        if (head >= size) return;
        mapping.WriteU16(Entry(head) + NextOffset, mapping.ReadU16(start + LastBatchOffset));
        mapping.WriteReleaseU16(start + LastBatchOffset, head);
    }

    /// <summary>It stands in the used ring, whose index is this now.</summary>
    internal void Finish(ushort head, ushort usedIndex)
    {
        if (head >= size) return;
        mapping.WriteReleaseU8(Entry(head), 0);
        mapping.WriteReleaseU16(start + UsedIndexOffset, usedIndex);
    }

    /// <summary>
    /// The requests that the process before this one had taken and not given back, in the order in which it took them. What
    /// was in the used ring already and not yet crossed out here is crossed out first.
    /// </summary>
    internal List<ushort> TakeUp(ushort usedIndex)
    {
        if (mapping.ReadU16(start + UsedIndexOffset) != usedIndex)
        {
            ushort last = mapping.ReadU16(start + LastBatchOffset);
            if (last < size) mapping.WriteU8(Entry(last), 0);
            mapping.WriteU16(start + UsedIndexOffset, usedIndex);
        }
        List<ushort> heads = [.. Enumerable.Range(0, size).Select(i => (ushort)i).Where(head => mapping.ReadU8(Entry(head)) != 0)];
        heads.Sort((one, other) => Counter(one).CompareTo(Counter(other)));
        _counter = heads.Count == 0 ? 0 : Counter(heads[^1]) + 1;
        return heads;
    }

    private ulong Counter(ushort head) => mapping.ReadU64(Entry(head) + CounterOffset);

    private long Entry(ushort head) => start + HeaderSize + ((long)head * EntrySize);
}
