using XenDmHost.Abstractions;

namespace XenDmHost.UnitTests.Plugins;

/// <summary>A device without fault; tests replace one part of it.</summary>
internal sealed class TestDevice : IDeviceModel
{
    public DeviceIdentity Identity { get; init; } = new(4, "test");

    public IReadOnlyList<QueueLayout> Queues { get; init; } = [new("request", 64, 1024)];

    public FeatureRules Features { get; init; } = FeatureRules.BackEndDecides;

    public ConfigLayout ConfigSpace { get; init; } = ConfigLayout.None;

    public IReadOnlyList<Quirk> Quirks { get; init; } = [];

    public DeviceNeeds Needs { get; init; } = DeviceNeeds.None;
}
