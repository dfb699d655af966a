namespace XenDmHost.Simulation.Guest.Transport;

/// <summary>What the first registers of a window say.</summary>
/// <param name="DeviceId">The virtio device id; 0 is an empty slot, which drivers pass over in silence.</param>
/// <param name="Problem">Why there is no usable virtio-mmio device of version 2, or null.</param>
internal readonly record struct ProbeResult(uint DeviceId, string? Problem)
{
    internal bool IsAbsent => Problem is null && DeviceId == 0;
}
