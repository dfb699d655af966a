namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>
/// A vhost-user back-end daemon that the measured rules are tested against: two queues of at most 64 descriptors, the
/// feature bits 30, 32 and 33, and the protocol features MQ, REPLY_ACK, CONFIG, RESET_DEVICE and CONFIGURE_MEM_SLOTS.
/// </summary>
public interface IBackEndUnderTest
{
    /// <summary>Whether memory regions have 40 bytes and XEN_MMAP must be acknowledged.</summary>
    bool Xen { get; }

    /// <summary>Starts the daemon and returns when a client can connect.</summary>
    BackEndProcess Start();
}
