using System.Collections.Frozen;

namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>
/// Which protocol features are acknowledged. A feature is acknowledged only if the back-end offers it and the host keeps
/// its side of it: a bit that is acknowledged and then not served breaks the device later and elsewhere.
/// </summary>
internal static class NeverAcknowledged
{
    private const string NotImplemented = "not implemented";

    /// <summary>What the host implements. Everything else stays off, also bits that no specification knows yet.</summary>
    internal static readonly ProtocolFeatureSet Implemented = ProtocolFeatureSet.Of(
        ProtocolFeature.Mq,
        ProtocolFeature.ReplyAck,
        ProtocolFeature.Mtu,
        ProtocolFeature.BackendReq,
        ProtocolFeature.Config,
        ProtocolFeature.InflightShmfd,
        ProtocolFeature.ResetDevice,
        ProtocolFeature.ConfigureMemSlots,
        ProtocolFeature.Status,
        ProtocolFeature.XenMmap);

    /// <summary>Every known bit that stays off, with the reason that is shown to an operator.</summary>
    internal static readonly FrozenDictionary<ProtocolFeature, string> Reasons = new Dictionary<ProtocolFeature, string>
    {
        [ProtocolFeature.LogShmfd] = NotImplemented + ": the host does not migrate guests",
        [ProtocolFeature.Rarp] = NotImplemented + ": announcing a migrated guest",
        [ProtocolFeature.CrossEndian] = "virtio 1 is little-endian: only legacy devices have rings of another byte order",
        [ProtocolFeature.CryptoSession] = "its payload is private to one implementation, so nothing that is sent could be checked",
        [ProtocolFeature.Pagefault] = "postcopy migration needs userfaultfd on guest memory, which the host does not own",
        [ProtocolFeature.BackendSendFd] = "no request of a back-end that the host serves brings a descriptor",
        [ProtocolFeature.HostNotifier] = NotImplemented + ": a page of the back-end cannot be mapped into the guest",
        [ProtocolFeature.InbandNotifications] = "kicks and calls as messages would put the control socket on the data path; eventfds are used",
        [ProtocolFeature.SharedObject] = NotImplemented + ": objects shared between devices",
        [ProtocolFeature.DeviceState] = NotImplemented + ": the host does not migrate guests",
        [ProtocolFeature.GetVringBaseInflight] = NotImplemented + ": rings are stopped with nothing in flight",
        [ProtocolFeature.GpaAddresses] =
            "user addresses equal guest addresses, so it brings nothing, and beside XEN_MMAP the same number has meant SHMEM to some back-ends",
        [ProtocolFeature.Shmem] = "there is no shared memory window into which the back-end's pages could be mapped",
        [ProtocolFeature.GetVringBaseSkipDrain] = NotImplemented + ": rings are stopped with nothing in flight",
    }.ToFrozenDictionary();

    /// <summary>The part of an offer that is acknowledged.</summary>
    internal static ProtocolFeatureSet Acknowledge(ProtocolFeatureSet offered) => new(offered.Bits & Implemented.Bits);
}
