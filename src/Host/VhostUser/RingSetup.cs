using XenDmHost.Host.Native;

namespace XenDmHost.Host.VhostUser;

/// <summary>A split virtqueue that is to be started.</summary>
internal sealed record RingSetup
{
    internal required int Index { get; init; }

    /// <summary>The number of entries, a power of two.</summary>
    internal required int Size { get; init; }

    /// <summary>The next entry of the available ring; 0 for a ring that the guest has just set up.</summary>
    internal uint Base { get; init; }

    /// <summary>Guest-physical, as are the two others (the memory table makes user addresses the same).</summary>
    internal required ulong DescriptorTable { get; init; }

    /// <summary>The driver area.</summary>
    internal required ulong AvailableRing { get; init; }

    /// <summary>The device area.</summary>
    internal required ulong UsedRing { get; init; }

    /// <summary>Signalled when the guest added buffers. All eventfds stay with their owner.</summary>
    internal required EventFd Kick { get; init; }

    /// <summary>Signalled by the back-end when it used buffers.</summary>
    internal required EventFd Call { get; init; }

    /// <summary>Signalled by the back-end when the ring is broken; null when nobody would look.</summary>
    internal EventFd? Error { get; init; }
}
