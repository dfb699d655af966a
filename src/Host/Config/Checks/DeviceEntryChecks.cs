using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config.Checks;

/// <summary>Checks of one entry of <c>"devices"</c>.</summary>
internal static class DeviceEntryChecks
{
    /// <summary>The largest number that libxl gives a disk (docs/man/xen-vbd-interface.7, extended numbers).</summary>
    private const int MaxId = (1 << 29) - 1;

    internal static void Check(
        JsonTreeNode node, string? guest, DeviceClashes clashes, SocketPathChecks sockets, ConfigErrorList errors)
    {
        var device = new ObjectReader(node, errors);
        Plugin(device.Text("plugin", required: true, "a plugin's name"), errors);
        Version(device.Text("version", expected: "a plugin's version such as \"1.0.0\""), errors);
        JsonTreeNode? id = device.Integer("id", 0, MaxId, required: true);
        JsonTreeNode? backEnd = device.Object("backEnd", required: true);
        JsonTreeNode? queues = device.Object("queues");
        JsonTreeNode? transport = device.Object("transport");
        JsonTreeNode? quirks = device.Object("quirks");
        device.Object("options");
        device.End();

        if (id is not null)
        {
            clashes.Id(id);
        }

        if (backEnd is not null)
        {
            BackEndChecks.Check(backEnd, guest, id, sockets, errors);
        }

        QueueSettingsChecks.Check(queues, errors);
        TransportChecks.Check(transport, clashes, errors);
        foreach (JsonMember quirk in quirks?.Members ?? [])
        {
            ValueChecks.Kind(quirk.Value, JsonKind.Boolean, "true or false", errors);
        }
    }

    private static void Plugin(JsonTreeNode? plugin, ConfigErrorList errors)
    {
        if (plugin is not null && !plugin.Text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            errors.Add(plugin, $"{Shown.Name(plugin.Text)} is no plugin's name; those have lower-case letters, digits and '-'");
        }
    }

    /// <summary>A version is also the name of a folder, so it must not lead out of the plugin's.</summary>
    private static void Version(JsonTreeNode? version, ConfigErrorList errors)
    {
        if (version is not null
            && !(char.IsAsciiDigit(version.Text[0]) && version.Text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+')))
        {
            errors.Add(version, $"{Shown.Name(version.Text)} is no version; write one such as \"1.0.0\" or leave the key out for the newest");
        }
    }
}
