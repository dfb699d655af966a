namespace XenDmHost.Simulation.Guest.Drivers.Gpu;

/// <summary>VIRTIO_GPU_F_* (virtio 1.3, 5.7.3) as masks.</summary>
internal static class GpuFeature
{
    internal const ulong Edid = 1UL << 1;
}
