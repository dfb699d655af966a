namespace XenDmHost.Simulation.Guest.Drivers.Gpu;

/// <summary>struct virtio_gpu_rect, in pixels.</summary>
internal readonly record struct GpuRect(int X, int Y, int Width, int Height)
{
    internal bool Contains(int x, int y) => x >= X && x < X + Width && y >= Y && y < Y + Height;
}
