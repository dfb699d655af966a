namespace XenDmHost.Simulation.StandIns.Memory;

/// <summary>The flags word of a 40-byte region, with the values that vm-memory gives them.</summary>
[Flags]
internal enum XenMmapFlags : uint
{
    /// <summary>A plain mmap of the descriptor: how such a back-end is driven without Xen.</summary>
    Unix = 0,
    Foreign = 0x1,
    Grant = 0x2,
    NoAdvanceMap = 0x8,
}
