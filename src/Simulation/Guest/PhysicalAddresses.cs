using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest;

/// <summary>Devices see all of the memory, under its guest-physical addresses.</summary>
internal sealed class PhysicalAddresses : IDeviceAddresses
{
    public bool MustBeAgreed => false;

    public BufferSegment Map(BufferSegment segment) => segment;

    public bool TryUnmap(BufferSegment mapped) => true;
}
