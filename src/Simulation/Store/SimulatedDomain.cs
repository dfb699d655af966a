namespace XenDmHost.Simulation.Store;

/// <summary>A guest as the toolstack knows it.</summary>
/// <param name="Domid">1 to 0x7fef.</param>
/// <param name="Name">Unique among the guests that run.</param>
/// <param name="Uuid">Stays the same when the guest is rebooted into another domid.</param>
/// <param name="DeviceTypes">One virtio device each, for example <c>virtio,device</c> or <c>virtio,device22</c>.</param>
internal sealed record SimulatedDomain(uint Domid, string Name, Guid Uuid, IReadOnlyList<string> DeviceTypes)
{
    /// <summary>GUEST_VIRTIO_MMIO_BASE of xen/arch-arm.h.</summary>
    internal const ulong FirstBase = 0x2000000;

    /// <summary>Bytes between two devices' register windows.</summary>
    internal const ulong BaseStep = 0x200;

    /// <summary>GUEST_VIRTIO_MMIO_SPI_FIRST of xen/arch-arm.h, as a full interrupt id.</summary>
    internal const uint FirstIrq = 33;

    /// <summary>Whether the guest gives its memory to devices by grants.</summary>
    internal bool UsesGrants { get; init; }

    internal string Folder => $"/local/domain/{Domid}";

    internal string VmPath => $"/vm/{Uuid:D}";

    /// <summary>Where the host finds this guest's devices.</summary>
    internal string XenbusBackEnds => $"{StorePaths.OwnDomain}/backend/virtio/{Domid}";

    internal string XenbusBackEnd(int device) => $"{XenbusBackEnds}/{device}";

    internal string XenbusFrontEnd(int device) => $"{Folder}/device/virtio/{device}";

    internal static ulong Base(int device) => FirstBase + ((ulong)device * BaseStep);

    internal static uint Irq(int device) => FirstIrq + (uint)device;
}
