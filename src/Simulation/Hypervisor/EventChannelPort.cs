namespace XenDmHost.Simulation.Hypervisor;

/// <summary>
/// One local port of a connection, with what /dev/xen/evtchn knows about it: delivered and not yet written back
/// (masked), and an event that came meanwhile (pending).
/// </summary>
internal sealed class EventChannelPort(EventChannels owner, uint number)
{
    internal uint Number { get; } = number;

    internal bool Masked { get; set; }

    internal bool Pending { get; set; }

    /// <summary>Undoes the other end of the binding when the port goes away; set by whoever bound it.</summary>
    internal Action? Released { get; init; }

    /// <summary>Makes the port pending at the host; nothing once it is unbound.</summary>
    internal void Raise() => owner.Raise(this);
}
