namespace XenDmHost.Simulation.Hypervisor;

/// <summary>
/// What Xen demands of a device model while a vCPU waits: the state only moves from READY over INPROCESS to
/// IORESP_READY (the middle may be left out). Xen crashes the guest on anything else.
/// </summary>
internal static class IoreqStateGuard
{
    internal static bool IsLegal(IoreqState last, IoreqState seen) =>
        seen is IoreqState.Ready or IoreqState.InProcess or IoreqState.ResponseReady && seen >= last;
}
