using XenDmHost.Host.Native;

namespace XenDmHost.Host.VhostUser;

/// <summary>A region of guest memory as it is described to a back-end.</summary>
internal readonly record struct MemoryRegion
{
    /// <summary>The guest-physical address of the first byte; for grants, bit 63 and the first reference times 4096.</summary>
    internal required ulong GuestAddress { get; init; }

    /// <summary>In bytes.</summary>
    internal required ulong Size { get; init; }

    /// <summary>
    /// The address by which rings are named in SET_VRING_ADDR. Back-ends do translate through it; the host gives the guest
    /// address, so that ring addresses are guest addresses.
    /// </summary>
    internal required ulong UserAddress { get; init; }

    /// <summary>Where the region starts in the descriptor, in bytes; 0 for foreign memory and grants.</summary>
    internal ulong MmapOffset { get; init; }

    /// <summary>Sent only in the 40-byte layout.</summary>
    internal XenMmapFlags XenMmapFlags { get; init; }

    /// <summary>Whose memory it is; sent only in the 40-byte layout.</summary>
    internal uint Domid { get; init; }

    /// <summary>What the back-end maps. Sent, not given away: the owner may close it after the call.</summary>
    internal required FileDescriptor Descriptor { get; init; }
}
