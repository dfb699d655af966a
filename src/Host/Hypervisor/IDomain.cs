using XenDmHost.Host.Native;

namespace XenDmHost.Host.Hypervisor;

/// <summary>A guest's domain. Disposing it gives back what this host holds of it and leaves the guest as it is.</summary>
internal interface IDomain : IDisposable
{
    uint Domid { get; }

    /// <summary>The number of vCPUs, which is the number of slots in the ioreq page; 1 to 128.</summary>
    int VcpuCount { get; }

    /// <summary>
    /// Where the guest may have RAM, by ascending address. A bank on Xen has holes: pages that the guest does not have
    /// now. The descriptors belong to the domain.
    /// </summary>
    IReadOnlyList<RamBank> RamBanks { get; }

    /// <summary>
    /// The parts of the banks that are there now, by ascending address. On Xen this maps all of the RAM for a moment: from
    /// 10 ms to 4 s per GiB. Any thread; callers that wait share one look.
    /// </summary>
    /// <param name="isOver">Whether the caller has to leave: asked again and again, after 64 MiB at the latest.</param>
    /// <returns>Null when the caller had to leave: then nothing is known of the memory.</returns>
    /// <exception cref="OsException">ESRCH when the domain is gone.</exception>
    IReadOnlyList<RamBank>? FindPopulatedRam(Func<bool> isOver);

    /// <summary>Whether the guest may give its memory by grants: addresses with bit 63 then name grants.</summary>
    bool HasGrants => false;

    /// <summary>
    /// Opens what a back-end maps grants through. The back-end's copy alone shall stay: what it maps ends with the last one.
    /// </summary>
    /// <exception cref="OsException">The device is not there or may not be opened.</exception>
    FileDescriptor OpenGrants() => throw new NotSupportedException("the platform has no grants");

    /// <summary>Maps the page of RAM that holds an address, read-only, for a moment; never a page that is not there.</summary>
    /// <param name="guestAddress">The guest-physical address, or that of a grant.</param>
    /// <returns>The page, or null when there is none.</returns>
    Mapping? TryMapPage(ulong guestAddress);

    /// <summary>Adopts the ioreq server that an earlier host of this guest left behind, or makes a new one.</summary>
    /// <param name="note">Which one an earlier host noted; this one is noted there.</param>
    IIoreqServer OpenIoreqServer(IServerNote note);

    /// <summary>Opens the event channels of this guest; one reader, once.</summary>
    IEventChannels OpenEventChannels();

    /// <summary>The line that raises an interrupt of the guest's interrupt controller.</summary>
    /// <param name="irq">The interrupt's number: 32 or more (the GIC's INTID on Arm).</param>
    /// <exception cref="InvalidOperationException">Guests of this kind have none.</exception>
    IInterruptLine OpenInterrupt(uint irq);

    /// <summary>
    /// Binds an event channel that the guest allocated for this domain, as the interrupt of a device. After
    /// <see cref="OpenEventChannels"/>. The guest names the port, so it may be any number. Disposing the line unbinds it; the guest's end stays.
    /// </summary>
    /// <param name="guestPort">The port's number in the guest, 1 or more.</param>
    /// <exception cref="OsException">EINVAL when the guest has no such port for us, or it is bound already.</exception>
    IInterruptLine OpenEventChannelInterrupt(uint guestPort);
}
