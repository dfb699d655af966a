using System.Runtime.InteropServices;

namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>"Memory region description", 32 bytes: what a back-end maps, and the two addresses under which it is known.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct RegionPayload
{
    internal const int Size = 32;

    internal ulong GuestAddress;
    internal ulong ByteCount;
    internal ulong UserAddress;
    internal ulong MmapOffset;
}
