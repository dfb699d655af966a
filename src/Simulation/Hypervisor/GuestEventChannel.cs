namespace XenDmHost.Simulation.Hypervisor;

/// <summary>An event channel that the guest allocated for dom0 (EVTCHNOP_alloc_unbound): an interrupt for the guest, a port to bind for the host.</summary>
internal sealed class GuestEventChannel(uint port) : IDisposable
{
    /// <summary>The guest's interrupt numbers from here on are event channels; those below are the interrupt controller's.</summary>
    internal const uint FirstIrq = 1024;

    private volatile EventChannelPort? _bound;

    internal uint Port { get; } = port;

    /// <summary>The interrupt number by which the guest's drivers know it.</summary>
    internal uint Irq => FirstIrq + Port;

    /// <summary>What a NOTIFY of the host raises.</summary>
    internal InterruptLine Line { get; } = new();

    /// <summary>The host's end, while it is bound.</summary>
    internal EventChannelPort? Bound
    {
        get => _bound;
        set => _bound = value;
    }

    public void Dispose() => Line.Dispose();
}
