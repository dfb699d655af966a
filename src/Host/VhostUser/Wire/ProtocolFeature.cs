namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>
/// The bit numbers of GET_PROTOCOL_FEATURES (vhost-user.rst, VHOST_USER_PROTOCOL_F_*): XEN_MMAP is XenMmap. Number 22 was
/// 21 in vhost crates before 0.17; the host acknowledges neither.
/// </summary>
internal enum ProtocolFeature
{
    Mq = 0,
    LogShmfd = 1,
    Rarp = 2,
    ReplyAck = 3,
    Mtu = 4,
    BackendReq = 5,
    CrossEndian = 6,
    CryptoSession = 7,
    Pagefault = 8,
    Config = 9,
    BackendSendFd = 10,
    HostNotifier = 11,
    InflightShmfd = 12,
    ResetDevice = 13,
    InbandNotifications = 14,
    ConfigureMemSlots = 15,
    Status = 16,
    XenMmap = 17,
    SharedObject = 18,
    DeviceState = 19,
    GetVringBaseInflight = 20,
    GpaAddresses = 21,
    Shmem = 22,
    GetVringBaseSkipDrain = 23,
}
