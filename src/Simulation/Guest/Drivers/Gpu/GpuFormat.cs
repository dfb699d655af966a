namespace XenDmHost.Simulation.Guest.Drivers.Gpu;

/// <summary>enum virtio_gpu_formats (virtio 1.3, 5.7.6.8): the names give the bytes in memory order.</summary>
internal enum GpuFormat : uint
{
    B8G8R8A8 = 1,
    B8G8R8X8 = 2,
}
