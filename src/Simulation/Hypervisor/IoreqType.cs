namespace XenDmHost.Simulation.Hypervisor;

/// <summary>IOREQ_TYPE_* of xen/hvm/ioreq.h.</summary>
internal enum IoreqType : byte
{
    Pio = 0,
    Copy = 1,
    PciConfig = 2,
    TimeOffset = 7,
    Invalidate = 8,
}
