using System.Runtime.InteropServices;

namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>The region once XEN_MMAP is acknowledged, 40 bytes: how to map it, and whose memory it is.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct XenRegionPayload
{
    internal const int Size = 40;

    internal RegionPayload Region;
    internal uint MmapFlags;
    internal uint Domid;
}
