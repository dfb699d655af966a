using XenDmHost.Abstractions;

namespace XenDmHost.Plugins.Gpu;

/// <summary>The description of a graphics device.</summary>
/// <param name="scanouts">The number of displays, 1 to 16.</param>
internal sealed class GpuDevice(uint scanouts) : IDeviceModel
{
    private const uint GpuSetSocket = 33; // VHOST_USER_GPU_SET_SOCKET
    private const ushort MaxQueueSize = 1024;

    public DeviceIdentity Identity { get; } = new(VirtioId: 16, Name: "gpu");

    /// <summary>The sizes are those of QEMU's device with three dimensions; back-ends take up to 1024.</summary>
    public IReadOnlyList<QueueLayout> Queues { get; } =
    [
        new("control", 256, MaxQueueSize),
        new("cursor", 16, MaxQueueSize),
    ];

    public FeatureRules Features { get; } = FeatureRules.BackEndDecides
        .Mask(0, "VIRTIO_GPU_F_VIRGL", "rendered frames come as dmabufs, which the display side does not take")
        .Mask(3, "VIRTIO_GPU_F_RESOURCE_BLOB", "blobs need a shared memory window, which this host does not offer; some back-ends end at blob commands without it")
        .Mask(4, "VIRTIO_GPU_F_CONTEXT_INIT", "contexts belong to VIRTIO_GPU_F_VIRGL")
        .Mask(5, "VIRTIO_GPU_F_BLOB_ALIGNMENT", "it belongs to VIRTIO_GPU_F_RESOURCE_BLOB, and its field lies behind the 16 bytes that every back-end has");

    /// <summary>
    /// The back-end decides num_capsets alone: vhost-user-gpu answers zeros for the rest and leaves it to whoever shows
    /// the displays.
    /// </summary>
    public ConfigLayout ConfigSpace { get; } = ConfigLayout.Of(
        16,
        ConfigLayout.Fixed("events_read", 0, 4, 0),
        ConfigLayout.Fixed("events_clear", 4, 4, 0, ConfigFieldKind.WriteOneToClear) with { Target = "events_read" },
        ConfigLayout.Fixed("num_scanouts", 8, 4, scanouts),
        ConfigLayout.Field("num_capsets", 12, 4));

    public IReadOnlyList<Quirk> Quirks { get; } = [];

    public DeviceNeeds Needs { get; } = new() { SideChannel = new SideChannelNeed(GpuSetSocket, "gpu") };
}
