using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>What a back-end offered and what was agreed.</summary>
internal sealed record BackEndOffer
{
    /// <summary>Before anything was agreed, and after a negotiation that failed at once.</summary>
    internal static readonly BackEndOffer Nothing = new();

    /// <summary>GET_FEATURES as it came, vhost-user's own bits 26 and 30 included.</summary>
    internal ulong Features { get; init; }

    /// <summary>The protocol features that were acknowledged.</summary>
    internal ProtocolFeatureSet ProtocolFeatures { get; init; }

    internal ProtocolFeatureSet OfferedProtocolFeatures { get; init; }

    /// <summary>The most queues that the back-end serves; null when it does not say (no MQ).</summary>
    internal int? MaxQueues { get; init; }

    /// <summary>The most memory regions; null when it does not say (no CONFIGURE_MEM_SLOTS).</summary>
    internal int? MaxMemorySlots { get; init; }

    /// <summary>The config space, exactly as many bytes as asked for; null when the back-end does not serve it.</summary>
    internal byte[]? Config { get; init; }

    /// <summary>Whether GET_PROTOCOL_FEATURES exists: then SET_VRING_ENABLE does too.</summary>
    internal bool HasProtocolFeatures => (Features & VhostUserFeature.ProtocolFeatures) != 0;

    /// <summary>Whether regions have the 40-byte layout.</summary>
    internal bool XenMmap => ProtocolFeatures.Has(ProtocolFeature.XenMmap);
}
