using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Guest.Virtqueues;

/// <summary>A split virtqueue's shared memory, field by field, with the memory order that each one needs.</summary>
/// <param name="layout">Where its parts are.</param>
/// <param name="memory">What they are in.</param>
/// <param name="address">That memory's address for the device.</param>
internal sealed class SplitRing(SplitRingLayout layout, DmaBuffer memory, ulong address)
{
    private const ushort NoInterrupt = 1;
    private const ushort NoNotify = 1;

    internal ulong DescriptorArea => address + (uint)layout.DescriptorsOffset;

    internal ulong DriverArea => address + (uint)layout.AvailableOffset;

    internal ulong DeviceArea => address + (uint)layout.UsedOffset;

    /// <summary>Everything that the device wrote before this index is visible after the read.</summary>
    internal ushort UsedIndex => memory.ReadAcquireU16(layout.UsedIndexOffset);

    internal ushort AvailableEvent => memory.ReadU16(layout.AvailableEventOffset);

    internal bool DeviceWantsNoKicks => (memory.ReadU16(layout.UsedOffset) & NoNotify) != 0;

    internal void WriteDescriptor(int index, in BufferSegment segment, DescriptorFlags flags, int next) =>
        WriteDescriptor(memory, layout.DescriptorOffset(index), segment, flags, next);

    /// <summary>Also for indirect tables, which have the same format.</summary>
    internal static void WriteDescriptor(DmaBuffer table, int offset, in BufferSegment segment, DescriptorFlags flags, int next)
    {
        table.WriteU64(offset, segment.Address);
        table.WriteU32(offset + 8, segment.Length);
        table.WriteU16(offset + 12, (ushort)flags);
        table.WriteU16(offset + 14, (ushort)next);
    }

    internal void WriteAvailable(ushort index, int head) => memory.WriteU16(layout.AvailableEntryOffset(index), (ushort)head);

    /// <summary>Publishes every entry before the index; the full barrier lets the caller look at the device's event field next.</summary>
    internal void PublishAvailable(ushort index)
    {
        memory.WriteReleaseU16(layout.AvailableIndexOffset, index);
        Mapping.FullBarrier();
    }

    internal (uint Head, uint Written) ReadUsed(ushort index)
    {
        var offset = layout.UsedElementOffset(index);
        return (memory.ReadU32(offset), memory.ReadU32(offset + 4));
    }

    /// <summary>Asks for an interrupt at an index; the barrier lets the caller look at the used index once more.</summary>
    internal void AskForInterruptAt(ushort index)
    {
        memory.WriteU16(layout.UsedEventOffset, index);
        Mapping.FullBarrier();
    }

    internal void AllowInterrupts(bool allowed)
    {
        memory.WriteU16(layout.AvailableOffset, allowed ? (ushort)0 : NoInterrupt);
        Mapping.FullBarrier();
    }
}
