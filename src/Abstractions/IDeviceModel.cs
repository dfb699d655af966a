namespace XenDmHost.Abstractions;

/// <summary>
/// A device as a description: what the guest sees and what the back-end daemon is asked for. The host does everything
/// else: registers, interrupts, memory, vhost-user.
/// </summary>
public interface IDeviceModel
{
    /// <summary>Which virtio device this is.</summary>
    DeviceIdentity Identity { get; }

    /// <summary>The virtqueues in the order of their index (virtio 1.3, chapter 5: "Virtqueues" of each device).</summary>
    IReadOnlyList<QueueLayout> Queues { get; }

    /// <summary>What happens to the feature bits between back-end and guest.</summary>
    FeatureRules Features { get; }

    /// <summary>The device-specific configuration space.</summary>
    ConfigLayout ConfigSpace { get; }

    /// <summary>Deviations that some back-ends or guests need, each with its reason; a guest file can switch them.</summary>
    IReadOnlyList<Quirk> Quirks { get; }

    /// <summary>What the device needs from the host beyond queues and configuration space.</summary>
    DeviceNeeds Needs { get; }
}
