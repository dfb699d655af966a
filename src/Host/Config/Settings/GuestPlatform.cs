namespace XenDmHost.Host.Config.Settings;

/// <summary>What runs the guest.</summary>
internal enum GuestPlatform
{
    /// <summary>The hypervisor of this machine.</summary>
    Xen,

    /// <summary>A process that plays hypervisor, xenstore and guest (docs/simulated-platform.md).</summary>
    Simulated,
}
