namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>Bits of the virtio feature word that mean something to vhost-user itself; a guest never sees them.</summary>
internal static class VhostUserFeature
{
    /// <summary>VHOST_F_LOG_ALL (26): dirty logging during migration. Never set.</summary>
    internal const ulong LogAll = 1UL << 26;

    /// <summary>
    /// VHOST_USER_F_PROTOCOL_FEATURES (30): GET_PROTOCOL_FEATURES exists. Set in SET_FEATURES it means that rings start
    /// disabled; not set, SET_FEATURES enables all of them at once.
    /// </summary>
    internal const ulong ProtocolFeatures = 1UL << 30;
}
