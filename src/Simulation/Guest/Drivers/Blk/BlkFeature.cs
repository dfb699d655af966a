namespace XenDmHost.Simulation.Guest.Drivers.Blk;

/// <summary>VIRTIO_BLK_F_* (virtio 1.2, 5.2.3) as masks.</summary>
internal static class BlkFeature
{
    internal const ulong SizeMax = 1UL << 1;
    internal const ulong SegMax = 1UL << 2;
    internal const ulong ReadOnly = 1UL << 5;
    internal const ulong BlockSize = 1UL << 6;
    internal const ulong Flush = 1UL << 9;
    internal const ulong ConfigWriteCache = 1UL << 11;
    internal const ulong MultiQueue = 1UL << 12;

    internal const ulong All = SizeMax | SegMax | ReadOnly | BlockSize | Flush | ConfigWriteCache | MultiQueue;
}
