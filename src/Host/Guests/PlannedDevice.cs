using XenDmHost.Abstractions;
using XenDmHost.Host.Config;
using XenDmHost.Host.Config.Settings;

namespace XenDmHost.Host.Guests;

/// <summary>A device of a guest file with its plugin's description.</summary>
/// <param name="Entry">Its place in the guest file.</param>
/// <param name="PluginLabel">The plugin and its version, for people.</param>
/// <param name="Model">The description.</param>
/// <param name="QueueSizes">QueueSizeMax of each queue.</param>
internal sealed record PlannedDevice(DeviceEntry Entry, string PluginLabel, IDeviceModel Model, IReadOnlyList<ushort> QueueSizes)
{
    /// <summary>Who serves the device's side channel; null when it has none.</summary>
    internal ISideChannelDevice? SideChannel { get; init; }

    /// <summary>Where the device's pictures are; null when it has none.</summary>
    internal IPictureSource? Pictures { get; init; }

    /// <summary>The device for a running domain: the placeholders of its back-end's settings filled in.</summary>
    internal DevicePlan For(uint domid)
    {
        DeviceSettings settings = Entry.Settings;
        BackEndAddress address = Entry.ResolveBackEnd((int)domid);
        return new DevicePlan
        {
            Id = Entry.Id,
            PluginLabel = PluginLabel,
            Model = Model,
            QueueSizes = QueueSizes,
            SideChannel = SideChannel,
            BackEnd = new BackEndPlan(address.Socket, settings.BackEnd.Listen, address.Launch, settings.BackEnd.Restart == RestartPolicy.Always),
            Base = settings.Transport.BaseAddress,
            Irq = (uint?)settings.Transport.Irq,
            WaitForBackEndMs = settings.Transport.WaitForBackEndMs,
            Grants = settings.Transport.Grants,
            KernelKicks = settings.Transport.Kicks == SignalRoute.Kernel,
            KernelInterrupts = settings.Transport.Interrupts == SignalRoute.Kernel,
        };
    }
}
