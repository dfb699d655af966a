using XenDmHost.Abstractions;

namespace XenDmHost.Plugins.Scmi;

/// <summary>The description of an SCMI device.</summary>
internal sealed class ScmiDevice : IDeviceModel
{
    private const ushort QueueSize = 256;
    private const ushort MaxQueueSize = 1024;

    public DeviceIdentity Identity { get; } = new(VirtioId: 32, Name: "scmi");

    /// <summary>
    /// The event queue is there without VIRTIO_SCMI_F_P2A_CHANNELS too: a driver that did not accept the feature leaves it
    /// alone, and back-ends count two queues.
    /// </summary>
    public IReadOnlyList<QueueLayout> Queues { get; } =
    [
        new("cmd", QueueSize, MaxQueueSize),
        new("event", QueueSize, MaxQueueSize),
    ];

    public FeatureRules Features { get; } = FeatureRules.BackEndDecides
        .Mask(1, "VIRTIO_SCMI_F_SHARED_MEMORY", "its shared memory region would have to be mapped into the guest, and this host offers none");

    public ConfigLayout ConfigSpace => ConfigLayout.None;

    public IReadOnlyList<Quirk> Quirks { get; } = [];

    public DeviceNeeds Needs { get; } = DeviceNeeds.None;
}
