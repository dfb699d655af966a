namespace XenDmHost.Simulation.Hypervisor;

/// <summary>STATE_IOREQ_* of xen/hvm/ioreq.h: the low four bits of byte 30 of a slot.</summary>
internal enum IoreqState : byte
{
    None = 0,
    Ready = 1,
    InProcess = 2,
    ResponseReady = 3,
}
