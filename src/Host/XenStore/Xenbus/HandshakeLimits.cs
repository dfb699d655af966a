namespace XenDmHost.Host.XenStore.Xenbus;

/// <summary>How long the ends of a device wait for each other.</summary>
/// <param name="Linger">How long a device that the toolstack wants gone is still served for a guest that has not let go.</param>
/// <param name="Daemon">How long a guest's driver that is ready waits for the back-end daemon.</param>
internal readonly record struct HandshakeLimits(TimeSpan Linger, TimeSpan Daemon);
