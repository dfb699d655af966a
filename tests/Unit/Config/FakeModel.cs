using XenDmHost.Abstractions;

namespace XenDmHost.UnitTests.Config;

/// <summary>A description with two queues and a quirk.</summary>
internal sealed class FakeModel : IDeviceModel
{
    public DeviceIdentity Identity { get; init; } = new(25, "snd");

    public IReadOnlyList<QueueLayout> Queues => [new("control", 64, 1024), new("event", 32, 64)];

    public FeatureRules Features => FeatureRules.BackEndDecides;

    public ConfigLayout ConfigSpace => ConfigLayout.None;

    public IReadOnlyList<Quirk> Quirks => [new("slow-start", "some daemons need it", false), new("no-event", "others too", true)];

    public DeviceNeeds Needs => DeviceNeeds.None;
}
