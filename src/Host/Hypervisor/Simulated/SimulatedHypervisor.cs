namespace XenDmHost.Host.Hypervisor.Simulated;

/// <summary>The simulated platform: everything is asked of a process that plays hypervisor (docs/simulated-platform.md).</summary>
internal sealed class SimulatedHypervisor(string directory) : IHypervisor
{
    public IDomain OpenDomain(uint domid, GuestMemorySize memory) => SimulatedDomain.Open(directory, domid);

    public void Dispose()
    {
    }
}
