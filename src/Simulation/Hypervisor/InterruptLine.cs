using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Hypervisor;

/// <summary>An edge-triggered interrupt of the guest: edges that come while one is pending are one.</summary>
internal sealed class InterruptLine : IDisposable
{
    private readonly EventFd _edges = EventFd.Create(nonBlocking: true);

    /// <summary>Whoever holds it raises the interrupt by writing 1.</summary>
    internal FileDescriptor Fd => _edges.Fd;

    /// <summary>True when an edge came, false when the time was over.</summary>
    internal bool Wait(TimeSpan limit) => _edges.Wait(limit);

    /// <summary>Wakes the handler without an edge, for it to see that it shall end.</summary>
    internal void Wake() => _edges.TryAdd(1);

    public void Dispose() => _edges.Dispose();
}
