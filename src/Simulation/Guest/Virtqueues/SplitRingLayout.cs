namespace XenDmHost.Simulation.Guest.Virtqueues;

/// <summary>
/// Where the three parts of a split virtqueue lie in one allocation (virtio 1.2, 2.7): descriptors first, the available
/// ring behind them, the used ring on the next page, as Linux' vring_init lays it out for virtio-mmio.
/// </summary>
/// <param name="Size">Number of descriptors, a power of two.</param>
internal readonly record struct SplitRingLayout(int Size)
{
    internal const int DescriptorBytes = 16;
    internal const int UsedElementBytes = 8;
    private const int Alignment = 4096;

    internal int DescriptorsOffset => 0;

    internal int AvailableOffset => DescriptorBytes * Size;

    internal int AvailableIndexOffset => AvailableOffset + 2;

    /// <summary>The driver's "interrupt me at" index, behind the available ring's entries; with EVENT_IDX only.</summary>
    internal int UsedEventOffset => AvailableOffset + 4 + (2 * Size);

    internal int UsedOffset => (UsedEventOffset + 2 + Alignment - 1) & ~(Alignment - 1);

    internal int UsedIndexOffset => UsedOffset + 2;

    /// <summary>The device's "kick me at" index, behind the used ring's elements; with EVENT_IDX only.</summary>
    internal int AvailableEventOffset => UsedOffset + 4 + (UsedElementBytes * Size);

    internal int TotalBytes => AvailableEventOffset + 2;

    internal int DescriptorOffset(int index) => DescriptorsOffset + (DescriptorBytes * index);

    internal int AvailableEntryOffset(ushort index) => AvailableOffset + 4 + (2 * (index & (Size - 1)));

    internal int UsedElementOffset(ushort index) => UsedOffset + 4 + (UsedElementBytes * (index & (Size - 1)));
}
