using XenDmHost.Abstractions;
using XenDmHost.Plugins.Scmi;

[assembly: DevicePlugin("scmi", typeof(ScmiPlugin))]

namespace XenDmHost.Plugins.Scmi;

/// <summary>virtio-scmi (virtio 1.3, 5.17), served by a daemon such as vhost-device-scmi.</summary>
public sealed class ScmiPlugin : IDevicePlugin
{
    /// <inheritdoc/>
    public string OptionsSchema => """{ "type": "object", "additionalProperties": false }""";

    /// <inheritdoc/>
    public IDeviceModel Create(DeviceContext context)
    {
        context.Options.AllowOnly();
        return new ScmiDevice();
    }
}
