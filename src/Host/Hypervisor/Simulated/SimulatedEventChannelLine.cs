using XenDmHost.Host.Native;

namespace XenDmHost.Host.Hypervisor.Simulated;

/// <summary>An event channel of the simulated guest, bound as the interrupt of a device.</summary>
internal sealed class SimulatedEventChannelLine(HypercallSocket calls, uint localPort, EventFd signal) : IInterruptLine
{
    public void Raise() => signal.TrySignal();

    public void Dispose()
    {
        signal.Dispose();
        try
        {
            calls.TryCall(HypercallOp.Unbind, 0, localPort);
        }
        catch (OsException)
        {
            // A simulation that is gone has nothing bound any more.
        }
    }
}
