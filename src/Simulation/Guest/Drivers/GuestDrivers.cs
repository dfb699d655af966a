using XenDmHost.Simulation.Guest.Drivers.Blk;
using XenDmHost.Simulation.Guest.Drivers.Console;
using XenDmHost.Simulation.Guest.Drivers.Fs;
using XenDmHost.Simulation.Guest.Drivers.Gpio;
using XenDmHost.Simulation.Guest.Drivers.Gpu;
using XenDmHost.Simulation.Guest.Drivers.I2c;
using XenDmHost.Simulation.Guest.Drivers.Input;
using XenDmHost.Simulation.Guest.Drivers.Net;
using XenDmHost.Simulation.Guest.Drivers.Rng;
using XenDmHost.Simulation.Guest.Drivers.Scmi;
using XenDmHost.Simulation.Guest.Drivers.Scsi;
using XenDmHost.Simulation.Guest.Drivers.Snd;
using XenDmHost.Simulation.Guest.Drivers.Vsock;

namespace XenDmHost.Simulation.Guest.Drivers;

/// <summary>The drivers that the guest has, by virtio device id (virtio 1.2, 5).</summary>
internal static class GuestDrivers
{
    private static readonly Dictionary<uint, Func<IGuestDriver>> Factories = new()
    {
        [1] = static () => new NetDriver(),
        [2] = static () => new BlkDriver(),
        [3] = static () => new ConsoleDriver(),
        [4] = static () => new RngDriver(),
        [8] = static () => new ScsiDriver(),
        [16] = static () => new GpuDriver(),
        [18] = static () => new InputDriver(),
        [19] = static () => new VsockDriver(),
        [25] = static () => new SndDriver(),
        [26] = static () => new FsDriver(),
        [32] = static () => new ScmiDriver(),
        [34] = static () => new I2cDriver(),
        [41] = static () => new GpioDriver(),
    };

    /// <summary>A driver for the device type, or null when the guest has none.</summary>
    internal static IGuestDriver? Create(uint deviceId) => Factories.GetValueOrDefault(deviceId)?.Invoke();
}
