using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config.Checks;

/// <summary>
/// The checks of a guest file that need no plugin. They run on the tree, before anything is bound, because only the
/// tree knows lines and the difference between null, an empty object and nothing.
/// </summary>
internal static class GuestFileChecks
{
    internal const int MaxDevices = 64;

    /// <summary>The longer name of the two sockets in a simulation's folder (docs/simulated-platform.md).</summary>
    private const string SimulationSocket = "hypervisor.sock";

    internal static void Check(JsonTreeNode root, SocketPathChecks sockets, ConfigErrorList errors)
    {
        if (!ValueChecks.Kind(root, JsonKind.Object, "an object with \"guest\" and \"devices\"", errors))
        {
            return;
        }

        var file = new ObjectReader(root, errors);
        JsonTreeNode? guest = file.Text("guest", required: true, "a guest's name, uuid or domid");
        file.Word("platform", "xen", "simulated");
        JsonTreeNode? simulation = file.Text("simulation", expected: "a folder");
        JsonTreeNode? memory = file.Object("memory");
        file.Boolean("attach");
        JsonTreeNode? devices = file.Array("devices", 1, MaxDevices, "devices", required: true);
        file.End();

        if (guest is not null)
        {
            GuestNameChecks.Check(guest, errors);
        }

        if (simulation is not null && root.Find("platform")?.Text != "simulated")
        {
            errors.Add(simulation, "'simulation' needs \"platform\": \"simulated\"");
        }

        if (simulation is not null)
        {
            sockets.CheckLength(simulation, Path.Combine(simulation.Text, SimulationSocket), errors);
        }

        MemoryChecks.Check(memory, root.Find("platform"), errors);
        Devices(devices?.Items ?? [], guest, sockets, errors);
    }

    private static void Devices(
        IReadOnlyList<JsonTreeNode> devices, JsonTreeNode? guest, SocketPathChecks sockets, ConfigErrorList errors)
    {
        var clashes = new DeviceClashes(errors);
        foreach (JsonTreeNode device in devices)
        {
            if (ValueChecks.Kind(device, JsonKind.Object, "a device (an object)", errors))
            {
                DeviceEntryChecks.Check(device, guest?.Text, clashes, sockets, errors);
            }
        }
    }
}
