using XenDmHost.Abstractions;

namespace SampleRng;

/// <summary>virtio-rng (virtio 1.3, 5.4): one queue, no configuration space, no features of its own.</summary>
internal sealed class SampleRngDevice(ushort entries) : IDeviceModel
{
    public DeviceIdentity Identity { get; } = new(VirtioId: 4, Name: "rng");

    public IReadOnlyList<QueueLayout> Queues { get; } = [new("request", entries, MaxSize: 1024)];

    public FeatureRules Features => FeatureRules.BackEndDecides;

    public ConfigLayout ConfigSpace => ConfigLayout.None;

    public IReadOnlyList<Quirk> Quirks => [];

    public DeviceNeeds Needs => DeviceNeeds.None;
}
