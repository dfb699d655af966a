using XenDmHost.Abstractions;
using XenDmHost.Host.Config.Json;
using XenDmHost.Host.Config.Settings;

namespace XenDmHost.Host.Config;

/// <summary>The checks of a device that need its plugin's description.</summary>
internal static class DeviceChecks
{
    /// <summary>Settles queue sizes and quirks.</summary>
    internal static DeviceCheckResult Check(DeviceEntry device, IDeviceModel model)
    {
        ConfigErrorList errors = device.NewErrorList();
        QueueNames(device, model, errors);
        List<ushort> sizes = [.. model.Queues.Select(queue => Size(device, queue, errors))];
        IReadOnlyList<Quirk> quirks = Quirks(device, model, errors);
        return new DeviceCheckResult(sizes, quirks, errors.Sorted());
    }

    private static void QueueNames(DeviceEntry device, IDeviceModel model, ConfigErrorList errors)
    {
        List<string> names = [.. model.Queues.Select(queue => queue.Name)];
        foreach (JsonMember member in device.FindNode("queues", "sizes")?.Members ?? [])
        {
            if (!names.Contains(member.Name))
            {
                errors.Add(member, NearestName.Explain("queue", member.Name, names));
            }
        }
    }

    private static ushort Size(DeviceEntry device, QueueLayout queue, ConfigErrorList errors)
    {
        QueueSettings settings = device.Settings.Queues;
        bool named = device.FindNode("queues", "sizes", queue.Name) is not null;
        int size = named ? settings.Sizes[queue.Name] : settings.Size ?? queue.Size;
        JsonTreeNode? place = named ? device.FindNode("queues", "sizes", queue.Name) : device.FindNode("queues", "size");
        if (place is not null && size > queue.MaxSize)
        {
            errors.Add(place, $"{size} is over the maximum of queue '{queue.Name}' of plugin '{device.Plugin}'; use at most {queue.MaxSize}");
        }

        return (ushort)size;
    }

    private static List<Quirk> Quirks(DeviceEntry device, IDeviceModel model, ConfigErrorList errors)
    {
        List<string> ids = [.. model.Quirks.Select(quirk => quirk.Id)];
        foreach (JsonMember member in device.FindNode("quirks")?.Members ?? [])
        {
            if (!ids.Contains(member.Name))
            {
                errors.Add(member, NearestName.Explain("quirk", member.Name, ids));
            }
        }

        IReadOnlyDictionary<string, bool> wanted = device.Settings.Quirks;
        return [.. model.Quirks.Select(quirk => quirk with { Enabled = wanted.GetValueOrDefault(quirk.Id, quirk.Enabled) })];
    }
}
