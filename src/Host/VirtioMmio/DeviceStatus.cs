namespace XenDmHost.Host.VirtioMmio;

/// <summary>The bits of the register Status (virtio 1.3, 2.1).</summary>
internal static class DeviceStatus
{
    internal const uint Acknowledge = 1;
    internal const uint Driver = 2;
    internal const uint DriverOk = 4;
    internal const uint FeaturesOk = 8;
    internal const uint NeedsReset = 64;
    internal const uint Failed = 128;

    /// <summary>What a driver may set.</summary>
    internal const uint OfDriver = Acknowledge | Driver | DriverOk | FeaturesOk | Failed;
}
