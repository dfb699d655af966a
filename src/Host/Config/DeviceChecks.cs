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
        SizesFit(device, model, errors);
        List<ushort> sizes = [.. model.Queues.Select(queue => Size(device, queue))];
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

    private static ushort Size(DeviceEntry device, QueueLayout queue)
    {
        QueueSettings settings = device.Settings.Queues;
        return (ushort)(OwnSize(device, queue) is null ? settings.Size ?? queue.Size : settings.Sizes[queue.Name]);
    }

    /// <summary>A size for all queues is one mistake, however many queues it is too large for.</summary>
    private static void SizesFit(DeviceEntry device, IDeviceModel model, ConfigErrorList errors)
    {
        List<QueueLayout> others = [.. model.Queues.Where(queue => OwnSize(device, queue) is null)];
        if (device.FindNode("queues", "size") is { } common && others.MinBy(queue => queue.MaxSize) is { } smallest)
        {
            SizeFits(device, smallest, common, errors);
        }

        foreach (QueueLayout queue in model.Queues.Except(others))
        {
            SizeFits(device, queue, OwnSize(device, queue)!, errors);
        }
    }

    private static void SizeFits(DeviceEntry device, QueueLayout queue, JsonTreeNode place, ConfigErrorList errors)
    {
        ushort size = Size(device, queue);
        if (size > queue.MaxSize)
        {
            errors.Add(place, $"{size} is over the maximum of queue '{queue.Name}' of plugin '{device.Plugin}'; use at most {queue.MaxSize}");
        }
    }

    private static JsonTreeNode? OwnSize(DeviceEntry device, QueueLayout queue) => device.FindNode("queues", "sizes", queue.Name);

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
