namespace XenDmHost.Simulation.StandIns.Devices.Vsock;

/// <summary>VIRTIO_VSOCK_OP_* (virtio 1.3, 5.10.6).</summary>
internal enum VsockOperation : ushort
{
    Request = 1,
    Response = 2,
    Reset = 3,
    Shutdown = 4,
    ReadWrite = 5,
    CreditUpdate = 6,
    CreditRequest = 7,
}
