using XenDmHost.Abstractions;

namespace XenDmHost.Plugins.Snd;

/// <summary>The description of a sound device.</summary>
/// <param name="controls">True for a device with audio controls, whose configuration space has a fourth number.</param>
internal sealed class SndDevice(bool controls) : IDeviceModel
{
    // vhost-device-sound takes 64 entries and ends the connection at more; builds patched for other hosts take 1024.
    private const ushort QueueSize = 64;
    private const ushort MaxQueueSize = 1024;

    private const int ControlsBit = 0;
    private const string ControlsName = "VIRTIO_SND_F_CTLS";

    public DeviceIdentity Identity { get; } = new(VirtioId: 25, Name: "snd");

    public IReadOnlyList<QueueLayout> Queues { get; } =
    [
        new("control", QueueSize, MaxQueueSize),
        new("event", QueueSize, MaxQueueSize),
        new("tx", QueueSize, MaxQueueSize),
        new("rx", QueueSize, MaxQueueSize),
    ];

    public FeatureRules Features { get; } = controls
        ? FeatureRules.BackEndDecides.Require(ControlsBit, ControlsName, "the option \"controls\" asks for it")
        : FeatureRules.BackEndDecides.Mask(ControlsBit, ControlsName,
            "the number of controls is the fourth field, and not every back-end has it: the option \"controls\" turns it on");

    /// <summary>
    /// Twelve bytes without controls: daemons hold 12 or 16, and all of them answer a question for 12, while those with
    /// 12 refuse one for 16.
    /// </summary>
    public ConfigLayout ConfigSpace { get; } = controls
        ? ConfigLayout.Of(16, [.. Counts, ConfigLayout.Field("controls", 12, 4)])
        : ConfigLayout.Of(12, Counts);

    public IReadOnlyList<Quirk> Quirks { get; } = [];

    public DeviceNeeds Needs { get; } = DeviceNeeds.None;

    private static ConfigField[] Counts =>
    [
        ConfigLayout.Field("jacks", 0, 4),
        ConfigLayout.Field("streams", 4, 4),
        ConfigLayout.Field("chmaps", 8, 4),
    ];
}
