using System.Runtime.InteropServices;

namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>"Memory regions description": the number of regions that follow, and padding. 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct MemTableHeader
{
    internal const int Size = 8;

    internal uint RegionCount;

    /// <summary>Checked by back-ends to be 0.</summary>
    internal uint Padding;
}
