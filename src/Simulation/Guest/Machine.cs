using XenDmHost.Simulation.Hypervisor;

namespace XenDmHost.Simulation.Guest;

/// <summary>The hardware that the guest's programs run on: vCPUs, RAM and interrupt lines.</summary>
internal sealed class Machine : IDisposable
{
    private readonly GuestDomain _domain;

    private readonly ThreadLocal<Vcpu?> _current = new();

    /// <param name="domain">The domain that it runs in.</param>
    /// <param name="accessLimit">How long a vCPU waits for the answer to one access.</param>
    /// <param name="grants">Whether devices get the memory by grants, page by page, instead of by its address.</param>
    internal Machine(GuestDomain domain, TimeSpan accessLimit, bool grants = false)
    {
        _domain = domain;
        Addresses = grants ? new GrantedAddresses(domain) : new PhysicalAddresses();
        Memory = new GuestMemory(domain);
        Vcpus = [.. Enumerable.Range(0, domain.Vcpus).Select(i => new Vcpu(domain, i, accessLimit))];
    }

    internal GuestMemory Memory { get; }

    /// <summary>How devices are told of memory.</summary>
    internal IDeviceAddresses Addresses { get; }

    internal IReadOnlyList<Vcpu> Vcpus { get; }

    /// <summary>The vCPU that the calling thread was placed on; the first one for a thread that never was.</summary>
    internal Vcpu CurrentVcpu => _current.Value ?? Vcpus[0];

    /// <summary>Places the calling thread on a vCPU; numbers beyond the last one wrap round.</summary>
    internal void RunHere(int vcpu) => _current.Value = Vcpus[vcpu % Vcpus.Count];

    /// <summary>The line of an interrupt: a shared peripheral one, or an event channel that was allocated.</summary>
    internal InterruptLine Interrupt(uint irq) =>
        (irq >= GuestEventChannel.FirstIrq ? _domain.FindEventChannel(irq - GuestEventChannel.FirstIrq)?.Line : _domain.Interrupt(irq))
        ?? throw new ArgumentOutOfRangeException(nameof(irq), irq, "neither a shared peripheral interrupt nor an event channel");

    public void Dispose()
    {
        _current.Dispose();
        Memory.Dispose();
    }
}
