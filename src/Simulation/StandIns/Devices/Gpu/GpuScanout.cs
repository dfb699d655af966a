using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Devices.Gpu;

/// <summary>What is shown on one scanout: a rectangle of a resource, and its descriptor where descriptors are handed over.</summary>
internal sealed record GpuScanout(uint ResourceId, GpuRectangle Rectangle, FileDescriptor? Shared) : IDisposable
{
    public void Dispose() => Shared?.Dispose();
}
