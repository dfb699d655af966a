using XenDmHost.Simulation.StandIns.Faults;

namespace XenDmHost.Simulation.StandIns;

/// <summary>What every kind of stand-in has in common.</summary>
internal sealed record StandInOptions
{
    /// <summary>Path of the socket to listen on, or to connect to.</summary>
    internal required string Socket { get; init; }

    /// <summary>Connect to a host that listens.</summary>
    internal bool Connect { get; init; }

    /// <summary>Speak the layout of a back-end built for Xen: 40-byte regions, and XEN_MMAP must be acknowledged.</summary>
    internal bool Xen { get; init; }

    /// <summary>The most descriptors that SET_VRING_NUM may ask for.</summary>
    internal ushort MaximumQueueSize { get; init; } = 1024;

    /// <summary>End when the first client leaves.</summary>
    internal bool Once { get; init; }

    /// <summary>Virtio feature bits offered beside the device's own, as a mask.</summary>
    internal ulong ExtraFeatures { get; init; }

    /// <summary>Virtio feature bits that are not offered although the device has them, as a mask.</summary>
    internal ulong WithheldFeatures { get; init; }

    /// <summary>Protocol features to offer in place of the default ones; XEN_MMAP is added in the Xen form.</summary>
    internal ulong? ProtocolFeatures { get; init; }

    /// <summary>Give requests back in the reverse of their order.</summary>
    internal bool Reorder { get; init; }

    /// <summary>Say each request that comes, by its name.</summary>
    internal bool LogRequests { get; init; }

    internal FaultPlan Faults { get; init; } = new([]);
}
