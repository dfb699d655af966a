using XenDmHost.Abstractions;
using XenDmHost.Plugins.Gpu;

[assembly: DevicePlugin("gpu", typeof(GpuPlugin))]

namespace XenDmHost.Plugins.Gpu;

/// <summary>virtio-gpu (virtio 1.3, 5.7) in two dimensions, served by a daemon such as vhost-user-gpu.</summary>
public sealed class GpuPlugin : IDevicePlugin
{
    private const int MaxScanouts = 16; // VIRTIO_GPU_MAX_SCANOUTS

    /// <inheritdoc/>
    public string OptionsSchema => """
        {
          "type": "object",
          "properties": {
            "scanouts": {
              "type": "integer",
              "minimum": 1,
              "maximum": 16,
              "default": 1,
              "description": "The number of displays that the guest sees."
            }
          },
          "additionalProperties": false
        }
        """;

    /// <inheritdoc/>
    public IDeviceModel Create(DeviceContext context)
    {
        context.Options.AllowOnly("scanouts");
        return new GpuDevice((uint)context.Options.Number("scanouts", fallback: 1, min: 1, max: MaxScanouts));
    }
}
