using XenDmHost.Abstractions;

namespace XenDmHost.Host.Plugins;

/// <summary>
/// A plugin's description of a device, read once and checked. It is a copy: no code of the plugin runs when the host
/// reads it, and nothing that the plugin does later changes it.
/// </summary>
internal sealed class DeviceDescription : IDeviceModel
{
    internal DeviceDescription(IDeviceModel model)
    {
        Model = model;
        Identity = model.Identity;
        Queues = Copy(model.Queues);
        Features = model.Features;
        ConfigSpace = model.ConfigSpace;
        Quirks = Copy(model.Quirks);
        Needs = model.Needs;
    }

    /// <summary>The plugin's own object, for what is more than a description.</summary>
    internal IDeviceModel Model { get; }

    /// <summary>Who serves the device's side channel; null when it has none.</summary>
    internal ISideChannelDevice? SideChannel => Model as ISideChannelDevice;

    /// <summary>Where the device's pictures are; null when it has none.</summary>
    internal IPictureSource? Pictures => Model as IPictureSource;

    public DeviceIdentity Identity { get; }

    public IReadOnlyList<QueueLayout> Queues { get; }

    public FeatureRules Features { get; }

    public ConfigLayout ConfigSpace { get; }

    public IReadOnlyList<Quirk> Quirks { get; }

    public DeviceNeeds Needs { get; }

    /// <summary>A null list stays null: the check names it.</summary>
    private static T[] Copy<T>(IReadOnlyList<T>? list) => list is null ? null! : [.. list];
}
