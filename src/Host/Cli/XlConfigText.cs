using System.Text;
using XenDmHost.Host.Config;
using XenDmHost.Host.Guests;

namespace XenDmHost.Host.Cli;

/// <summary>The lines of an xl configuration that belong to a guest file, for guests of xl on Arm and on x86.</summary>
internal static class XlConfigText
{
    /// <summary>xl's word for the domain in which a device's other end is.</summary>
    private const string DomainKey = "backend";

    /// <summary>GUEST_VIRTIO_MMIO_SPI_FIRST to _LAST of xen/arch-arm.h: 33 to 43, one for each device.</summary>
    internal const int MostDevices = 11;

    /// <summary>
    /// The types with a node of their own in the device tree (libxl_arm.c of Xen 4.18 to 4.20); libxl refuses every other
    /// number, and the number is not needed: the guest asks the device itself.
    /// </summary>
    private static readonly string[] TypesOfLibxl = ["virtio,device22", "virtio,device29"];

    /// <summary>What keeps xl from giving a guest these devices.</summary>
    internal static IEnumerable<ConfigError> Errors(GuestPlan plan)
    {
        PlannedDevice[] byId = [.. plan.Devices.OrderBy(device => device.Entry.Id)];
        for (int i = 0; i < byId.Length; i++)
        {
            DeviceEntry entry = byId[i].Entry;
            if (i >= MostDevices)
            {
                yield return entry.ErrorAt("", $"one device too many: xl gives an Arm guest at most {MostDevices}");
            }
            else if (entry.Id != i)
            {
                yield return entry.ErrorAt("id", $"{entry.Id} leaves a gap: xl numbers an Arm guest's devices 0, 1, 2, …; use {i}");
            }
        }
    }

    /// <summary>For Arm: xl gives each device its address and interrupt and writes its nodes in xenstore.</summary>
    /// <param name="plan">The guest file.</param>
    /// <param name="grants">Whether the guest grants its pages.</param>
    /// <param name="driverDomain">The name of the domain that serves them; null for dom0.</param>
    internal static string ForArm(GuestPlan plan, bool grants, string? driverDomain)
    {
        StringBuilder text = new();
        text.AppendLine($"# The devices of {plan.File.Path}, in the order of their ids.");
        text.AppendLine("virtio = [");
        foreach (PlannedDevice device in plan.Devices.OrderBy(device => device.Entry.Id))
        {
            text.AppendLine($"    \"{(driverDomain is null ? "" : $"{DomainKey}={driverDomain},")}type={TypeOf(device)},transport=mmio,grant_usage={(grants ? 1 : 0)}\",    # {device.Entry.Id}: {device.Model.Identity.Name}");
        }

        text.AppendLine("]");
        text.AppendLine();
        text.AppendLine("# An Arm guest that touches a device's registers before the host claims them gets a data abort, so start it paused:");
        string backEnd = "0";
        if (driverDomain is not null)
        {
            backEnd = $"$(xl domid {driverDomain})";
            text.AppendLine($"#   xl create -p {driverDomain}.cfg    # with driver_domain = 1");
        }

        text.AppendLine("#   xl create -p GUEST.cfg");
        if (driverDomain is not null)
        {
            text.AppendLine($"#   make the guest the target of {driverDomain} (\"A driver domain\" in docs/xen-platform.md)");
            text.AppendLine($"#   xl unpause {driverDomain}");
        }

        text.AppendLine($"#   xendmhost run {plan.File.Path} &{(driverDomain is null ? "" : $"    # in {driverDomain}")}");
        foreach (PlannedDevice device in plan.Devices.OrderBy(device => device.Entry.Id))
        {
            text.AppendLine($"#   wait until xenstore-read /local/domain/{backEnd}/backend/virtio/$(xl domid {plan.File.Guest})/{device.Entry.Id}/state says 4");
        }

        text.AppendLine($"#   xl unpause {plan.File.Guest}");
        return text.ToString();
    }

    /// <summary>For x86: xl has nothing to say about these devices there.</summary>
    internal static string ForX86(GuestPlan plan) =>
        $"""
        # {plan.File.Path}: xl needs no line for its {plan.Devices.Count} device(s) on x86; `xendmhost run` attaches them by itself.
        # The guest is a PVH guest and has the module of guest/.
        type = "pvh"

        """;

    private static string TypeOf(PlannedDevice device)
    {
        string numbered = $"virtio,device{device.Model.Identity.VirtioId:x}";
        return TypesOfLibxl.Contains(numbered) ? numbered : "virtio,device";
    }
}
