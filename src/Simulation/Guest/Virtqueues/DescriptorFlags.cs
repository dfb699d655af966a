namespace XenDmHost.Simulation.Guest.Virtqueues;

/// <summary>VIRTQ_DESC_F_* (virtio 1.2, 2.7.5).</summary>
[Flags]
internal enum DescriptorFlags : ushort
{
    None = 0,
    Next = 1,
    Write = 2,
    Indirect = 4,
}
