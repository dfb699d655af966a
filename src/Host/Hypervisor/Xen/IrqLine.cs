using XenDmHost.Host.Native.Xen;

namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>
/// An SPI of an Arm guest (XEN_DMOP_set_irq_level). The device tree makes it edge-triggered, and Xen's GIC does not look
/// at falling edges, so asserting it is all there is.
/// </summary>
internal sealed class IrqLine(Privcmd privcmd, uint domid, uint irq) : IInterruptLine
{
    public void Raise()
    {
        DmOp op = new() { Code = DmOpCode.SetIrqLevel, Irq = irq, Level = 1 };
        privcmd.TryDmOp(domid, ref op);
    }

    public void Dispose()
    {
    }
}
