using XenDmHost.Abstractions;
using XenDmHost.Plugins.Gpu;

[assembly: DevicePlugin("gpu", typeof(GpuPlugin))]

namespace XenDmHost.Plugins.Gpu;

/// <summary>virtio-gpu (virtio 1.3, 5.7) in two dimensions, served by a daemon such as vhost-user-gpu.</summary>
public sealed class GpuPlugin : IDevicePlugin
{
    /// <inheritdoc/>
    public string OptionsSchema => GpuOptions.Schema;

    /// <inheritdoc/>
    public IDeviceModel Create(DeviceContext context) => new GpuDevice(GpuOptions.Read(context.Options), context.Quirks, context.Logger);
}
