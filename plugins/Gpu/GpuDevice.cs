using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using XenDmHost.Abstractions;
using XenDmHost.Plugins.Gpu.Display;

namespace XenDmHost.Plugins.Gpu;

/// <summary>The description of a graphics device, and what its displays show.</summary>
internal sealed class GpuDevice : IDeviceModel, ISideChannelDevice, IPictureSource
{
    private const uint GpuSetSocket = 33; // VHOST_USER_GPU_SET_SOCKET
    private const ushort MaxQueueSize = 1024;

    private readonly Screens _screens;
    private readonly IReadOnlyList<ScanoutSize> _sizes;
    private readonly ILogger _log;

    /// <param name="sizes">One per display, 1 to 16.</param>
    /// <param name="quirks">What the guest file switches.</param>
    /// <param name="log">The device's log.</param>
    internal GpuDevice(IReadOnlyList<ScanoutSize> sizes, IReadOnlyDictionary<string, bool> quirks, ILogger log)
    {
        _sizes = sizes;
        _log = log;
        _screens = new Screens(sizes.Count);
        Features = GpuQuirks.Rules(quirks);
        Needs = new DeviceNeeds
        {
            SideChannel = new SideChannelNeed(GpuSetSocket, "gpu")
            {
                MaxPayload = DisplayMessage.UpdateHeader + Screens.MaxPixels * Screens.BytesPerPixel,
                MaxDescriptors = 1,
            },
            FreshBackEndAfterReset = GpuQuirks.IsOn(GpuQuirks.FreshAfterReset, quirks),
            ResetAfterBackEndLoss = GpuQuirks.IsOn(GpuQuirks.ResetAfterRestart, quirks),
        };

        // The back-end decides num_capsets alone: vhost-user-gpu answers zeros for the rest and leaves it to whoever shows
        // the displays.
        ConfigSpace = ConfigLayout.Of(
            16,
            ConfigLayout.Fixed("events_read", 0, 4, 0),
            ConfigLayout.Fixed("events_clear", 4, 4, 0, ConfigFieldKind.WriteOneToClear) with { Target = "events_read" },
            ConfigLayout.Fixed("num_scanouts", 8, 4, (uint)sizes.Count),
            ConfigLayout.Field("num_capsets", 12, 4));
    }

    public DeviceIdentity Identity { get; } = new(VirtioId: 16, Name: "gpu");

    /// <summary>The sizes are those of QEMU's device with three dimensions; back-ends take up to 1024.</summary>
    public IReadOnlyList<QueueLayout> Queues { get; } =
    [
        new("control", 256, MaxQueueSize),
        new("cursor", 16, MaxQueueSize),
    ];

    public FeatureRules Features { get; }

    public ConfigLayout ConfigSpace { get; }

    public IReadOnlyList<Quirk> Quirks => GpuQuirks.All;

    public DeviceNeeds Needs { get; }

    public int ScreenCount => _screens.Count;

    public ISideChannelHandler OpenSideChannel() => new DisplayHandler(_screens, _sizes, _log);

    public bool TryTakePicture(int screen, bool withPointer, [NotNullWhen(true)] out Picture? picture, out string why) =>
        _screens.TryTakePicture(screen, withPointer, out picture, out why);
}
