namespace XenDmHost.Host.Hypervisor;

/// <summary>A guest's domain. Disposing it gives back what this host holds of it and leaves the guest as it is.</summary>
internal interface IDomain : IDisposable
{
    uint Domid { get; }

    /// <summary>The number of vCPUs, which is the number of slots in the ioreq page; 1 to 128.</summary>
    int VcpuCount { get; }

    /// <summary>The guest's RAM, by ascending address. The descriptors belong to the domain.</summary>
    IReadOnlyList<RamBank> RamBanks { get; }

    /// <summary>Adopts the ioreq server that an earlier host of this guest left behind, or makes a new one.</summary>
    IIoreqServer OpenIoreqServer();

    /// <summary>Opens the event channels of this guest; one reader.</summary>
    IEventChannels OpenEventChannels();

    /// <summary>The line that raises an interrupt in the guest.</summary>
    /// <param name="irq">The interrupt's number: 32 or more (the GIC's INTID on Arm).</param>
    IInterruptLine OpenInterrupt(uint irq);

    /// <summary>
    /// Binds an event channel that the guest allocated for this domain, as the interrupt of a device. The guest names the
    /// port, so it may be any number. Disposing the line unbinds it; the guest's end stays.
    /// </summary>
    /// <param name="guestPort">The port's number in the guest, 1 or more.</param>
    /// <exception cref="Native.OsException">EINVAL when the guest has no such port for us, or it is bound already.</exception>
    IInterruptLine OpenEventChannelInterrupt(uint guestPort);
}
