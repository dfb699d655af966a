namespace XenDmHost.Simulation.Guest.Transport;

/// <summary>Bits of the Status register (virtio 1.2, 2.1).</summary>
[Flags]
internal enum DeviceStatus : uint
{
    None = 0,
    Acknowledge = 1,
    Driver = 2,
    DriverOk = 4,
    FeaturesOk = 8,
    NeedsReset = 64,
    Failed = 128,
}
