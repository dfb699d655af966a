using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest;

/// <summary>How devices are told of the guest's memory, as Linux' dma_map_ops. Any thread.</summary>
internal interface IDeviceAddresses
{
    /// <summary>Whether a device must agree to that (VIRTIO_F_ACCESS_PLATFORM).</summary>
    bool MustBeAgreed { get; }

    /// <summary>Shows memory to a device: the same bytes under the address that the device is told.</summary>
    BufferSegment Map(BufferSegment segment);

    /// <summary>Takes it back. False when the other side holds it still.</summary>
    bool TryUnmap(BufferSegment mapped);
}
