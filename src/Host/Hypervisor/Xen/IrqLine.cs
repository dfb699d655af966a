using XenDmHost.Host.Native;
using XenDmHost.Host.Native.Xen;

namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>
/// An SPI of an Arm guest (XEN_DMOP_set_irq_level). The device tree makes it edge-triggered, and Xen's GIC does not look
/// at falling edges, so asserting it is all there is.
/// </summary>
internal sealed class IrqLine(Privcmd privcmd, uint domid, uint irq) : IInterruptLine
{
    private DmOp Assertion => new() { Code = DmOpCode.SetIrqLevel, Irq = irq, Level = 1 };

    public void Raise()
    {
        DmOp op = Assertion;
        privcmd.TryDmOp(domid, ref op);
    }

    public IDisposable? TryRoute(EventFd signal) => privcmd.TryIrqFd(domid, signal, Assertion, assign: true) >= 0 ? new Route(this, signal) : null;

    public void Dispose()
    {
    }

    private void End(EventFd signal) => privcmd.TryIrqFd(domid, signal, Assertion, assign: false);

    /// <summary>The kernel's irqfd; a guest that is gone has none any more.</summary>
    private sealed class Route(IrqLine line, EventFd signal) : IDisposable
    {
        public void Dispose() => line.End(signal);
    }
}
