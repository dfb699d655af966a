using XenDmHost.Host.Native;

namespace XenDmHost.Host.Hypervisor.Simulated;

/// <summary>An edge-triggered interrupt of the simulated guest.</summary>
internal sealed class SimulatedInterruptLine(EventFd line) : IInterruptLine
{
    public void Raise() => line.TrySignal();

    public void Dispose() => line.Dispose();
}
