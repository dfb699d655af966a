namespace XenDmHost.Host.VirtioMmio;

/// <summary>The offsets of the registers (virtio 1.3, 4.2.2; linux/virtio_mmio.h).</summary>
internal static class MmioRegister
{
    internal const uint MagicValue = 0x000;
    internal const uint Version = 0x004;
    internal const uint DeviceId = 0x008;
    internal const uint VendorId = 0x00c;
    internal const uint DeviceFeatures = 0x010;
    internal const uint DeviceFeaturesSel = 0x014;
    internal const uint DriverFeatures = 0x020;
    internal const uint DriverFeaturesSel = 0x024;
    internal const uint QueueSel = 0x030;
    internal const uint QueueSizeMax = 0x034;
    internal const uint QueueSize = 0x038;
    internal const uint QueueReady = 0x044;
    internal const uint QueueNotify = 0x050;
    internal const uint InterruptStatus = 0x060;
    internal const uint InterruptAck = 0x064;
    internal const uint Status = 0x070;
    internal const uint QueueDescLow = 0x080;
    internal const uint QueueDescHigh = 0x084;
    internal const uint QueueDriverLow = 0x090;
    internal const uint QueueDriverHigh = 0x094;
    internal const uint QueueDeviceLow = 0x0a0;
    internal const uint QueueDeviceHigh = 0x0a4;
    internal const uint ShmSel = 0x0ac;
    internal const uint ShmLenLow = 0x0b0;
    internal const uint ShmLenHigh = 0x0b4;
    internal const uint ShmBaseLow = 0x0b8;
    internal const uint ShmBaseHigh = 0x0bc;
    internal const uint QueueReset = 0x0c0;
    internal const uint ConfigGeneration = 0x0fc;
    internal const uint Config = 0x100;

    /// <summary>The value of <see cref="MagicValue"/>: "virt".</summary>
    internal const uint Magic = 0x74726976;

    /// <summary>The size of a device's window, as libxl lays them out (libxl_arm.c).</summary>
    internal const uint WindowSize = 0x200;
}
