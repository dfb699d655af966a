using XenDmHost.Abstractions;
using XenDmHost.Plugins.Snd;

[assembly: DevicePlugin("snd", typeof(SndPlugin))]

namespace XenDmHost.Plugins.Snd;

/// <summary>virtio-sound (virtio 1.3, 5.14), served by a daemon such as vhost-device-sound.</summary>
public sealed class SndPlugin : IDevicePlugin
{
    /// <inheritdoc/>
    public string OptionsSchema => """
        {
          "type": "object",
          "properties": {
            "controls": {
              "type": "boolean",
              "default": false,
              "description": "Offer the guest the back-end's audio controls; the back-end must offer VIRTIO_SND_F_CTLS."
            }
          },
          "additionalProperties": false
        }
        """;

    /// <inheritdoc/>
    public IDeviceModel Create(DeviceContext context)
    {
        context.Options.AllowOnly("controls");
        return new SndDevice(context.Options.Flag("controls", fallback: false));
    }
}
