namespace XenDmHost.Abstractions;

/// <summary>What a device needs from the host beyond queues and configuration space.</summary>
public sealed record DeviceNeeds
{
    /// <summary>A device that needs nothing more.</summary>
    public static DeviceNeeds None { get; } = new();

    /// <summary>
    /// A socket of its own between the back-end and the plugin, or null. The host makes the pair, sends one end to the
    /// back-end before the first kick and again after every reconnect.
    /// </summary>
    public SideChannelNeed? SideChannel { get; init; }

    /// <summary>An MTU that the back-end is to be told, or null.</summary>
    public MtuNeed? Mtu { get; init; }

    /// <summary>
    /// Whether the connection is ended when the guest resets a device that ran, and made anew: for back-ends that keep
    /// what a driver had set up beyond a reset. A daemon that ends with its connection is started again by the host only
    /// if the host started it.
    /// </summary>
    public bool FreshBackEndAfterReset { get; init; }

    /// <summary>
    /// Whether a driver that ran must begin anew when its back-end was lost, because the next one knows nothing of what the
    /// driver had set up: then DEVICE_NEEDS_RESET is set instead of letting the rings go on.
    /// </summary>
    public bool ResetAfterBackEndLoss { get; init; }
}
