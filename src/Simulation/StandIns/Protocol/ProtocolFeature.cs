namespace XenDmHost.Simulation.StandIns.Protocol;

/// <summary>VHOST_USER_PROTOCOL_F_*, as masks.</summary>
internal static class ProtocolFeature
{
    internal const ulong MQ = 1UL << 0, REPLY_ACK = 1UL << 3, MTU = 1UL << 4, BACKEND_REQ = 1UL << 5, CONFIG = 1UL << 9,
        INFLIGHT_SHMFD = 1UL << 12, RESET_DEVICE = 1UL << 13, CONFIGURE_MEM_SLOTS = 1UL << 15, STATUS = 1UL << 16, XEN_MMAP = 1UL << 17;

    /// <summary>What a stand-in offers unless told otherwise: what the measured back-end offered (0xa209).</summary>
    internal const ulong Default = MQ | REPLY_ACK | CONFIG | RESET_DEVICE | CONFIGURE_MEM_SLOTS;

    /// <summary>What most vhost-device daemons were seen to offer (0x209), and those without a config (0x9).</summary>
    internal const ulong Daemon = WithoutConfig | CONFIG, WithoutConfig = MQ | REPLY_ACK;

    /// <summary>All that is served here (0x1b229): more than any daemon that is packaged offers.</summary>
    internal const ulong All = Default | BACKEND_REQ | INFLIGHT_SHMFD | STATUS;
}
