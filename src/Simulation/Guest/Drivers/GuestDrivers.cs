using XenDmHost.Simulation.Guest.Drivers.Blk;
using XenDmHost.Simulation.Guest.Drivers.Gpu;
using XenDmHost.Simulation.Guest.Drivers.Snd;

namespace XenDmHost.Simulation.Guest.Drivers;

/// <summary>The drivers that the guest has, by virtio device id (virtio 1.2, 5).</summary>
internal static class GuestDrivers
{
    private static readonly Dictionary<uint, Func<IGuestDriver>> Factories = new()
    {
        [2] = static () => new BlkDriver(),
        [16] = static () => new GpuDriver(),
        [25] = static () => new SndDriver(),
    };

    /// <summary>A driver for the device type, or null when the guest has none.</summary>
    internal static IGuestDriver? Create(uint deviceId) => Factories.GetValueOrDefault(deviceId)?.Invoke();
}
