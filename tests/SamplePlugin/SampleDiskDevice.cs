using XenDmHost.Abstractions;

namespace SampleDisk;

/// <summary>virtio-blk (virtio 1.3, 5.2) with one queue.</summary>
internal sealed class SampleDiskDevice(ushort entries) : IDeviceModel
{
    public DeviceIdentity Identity { get; } = new(VirtioId: 2, Name: "disk");

    public IReadOnlyList<QueueLayout> Queues { get; } = [new("request", entries, MaxSize: 1024)];

    public FeatureRules Features { get; } = FeatureRules.BackEndDecides
        .Mask(1, "VIRTIO_BLK_F_SIZE_MAX", "some back-ends offer it with a size of 0")
        .Mask(12, "VIRTIO_BLK_F_MQ", "there is one queue, whatever the back-end has");

    /// <summary>Only a field that a guest may write, or that the plugin decides, must be named; the rest is the back-end's.</summary>
    public ConfigLayout ConfigSpace { get; } = ConfigLayout.Of(60, ConfigLayout.Field("writeback", 32, 1, ConfigFieldKind.Forwarded));

    public IReadOnlyList<Quirk> Quirks => [];

    public DeviceNeeds Needs => DeviceNeeds.None;
}
