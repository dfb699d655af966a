namespace XenDmHost.Host.VirtioMmio;

/// <summary>The feature bits that are independent of the device (virtio 1.3, 6; linux/virtio_config.h), as masks.</summary>
internal static class VirtioFeature
{
    internal const ulong IndirectDesc = 1UL << 28;
    internal const ulong EventIdx = 1UL << 29;
    internal const ulong Version1 = 1UL << 32;
    internal const ulong AccessPlatform = 1UL << 33;
    internal const ulong InOrder = 1UL << 35;
    internal const ulong OrderPlatform = 1UL << 36;
    internal const ulong RingReset = 1UL << 40;

    /// <summary>The bits that belong to a device type: 0 to 23 and 50 to 63.</summary>
    internal const ulong DeviceType = 0xFFFFFF | (~0UL << 50);

    /// <summary>
    /// What may pass from a back-end to the guest. Left out: 24, 27 (of legacy devices), 26, 30 (vhost-user's own),
    /// 34 packed rings (the ring code of rust-vmm is split only, and a ring's base word would mean something else),
    /// 38, 39 (a kick by eventfd carries no data), 37, 41 (PCI, administration), 43 suspend.
    /// </summary>
    internal const ulong Passable = DeviceType | IndirectDesc | EventIdx | InOrder | OrderPlatform | RingReset;
}
