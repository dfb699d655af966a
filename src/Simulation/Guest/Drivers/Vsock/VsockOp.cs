namespace XenDmHost.Simulation.Guest.Drivers.Vsock;

/// <summary>VIRTIO_VSOCK_OP_*.</summary>
internal enum VsockOp : ushort
{
    Request = 1,
    Response = 2,
    Rst = 3,
    Shutdown = 4,
    Rw = 5,
    CreditUpdate = 6,
    CreditRequest = 7,
}
