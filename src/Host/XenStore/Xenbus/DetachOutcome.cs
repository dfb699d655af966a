namespace XenDmHost.Host.XenStore.Xenbus;

/// <summary>How a device left the guest.</summary>
/// <param name="Error">None: its nodes are gone. ENOENT: there was no such device. Or what the store said.</param>
/// <param name="HostAnswered">The end that serves the device said Closed in time.</param>
/// <param name="GuestAnswered">The guest's driver let go in time, or there was none.</param>
internal readonly record struct DetachOutcome(XenStoreError Error, bool HostAnswered, bool GuestAnswered);
