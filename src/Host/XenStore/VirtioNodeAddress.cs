using System.Globalization;

namespace XenDmHost.Host.XenStore;

/// <summary>Where a device's xenbus back-end folder is: <c>/local/domain/0/backend/virtio/5/0</c>.</summary>
/// <param name="Root">The folder of all guests' devices, <c>/local/domain/0/backend/virtio</c>.</param>
/// <param name="GuestDomid">The guest.</param>
/// <param name="DeviceId">The device's number within the guest.</param>
internal readonly record struct VirtioNodeAddress(string Root, uint GuestDomid, uint DeviceId)
{
    /// <summary>The kind whose two ends shake hands; <c>attach</c> writes it.</summary>
    internal const string XenbusKind = "virtio-mmio";

    /// <summary>The kind of libxl's <c>virtio = [...]</c>, and the name that early drivers of the other kind go by.</summary>
    internal const string ToolstackKind = "virtio";

    /// <summary>The kind of libxl's disks with <c>specification=virtio</c>.</summary>
    internal const string DiskKind = "virtio_disk";

    /// <summary>All kinds, in the order in which they are preferred.</summary>
    internal static readonly string[] Kinds = [XenbusKind, ToolstackKind, DiskKind];

    /// <summary><c>virtio</c>, <c>virtio-mmio</c> or <c>virtio_disk</c>.</summary>
    internal string Kind => Root[(Root.LastIndexOf('/') + 1)..];

    /// <summary>Whether the devices of this folder are dom0's, and not a driver domain's.</summary>
    internal bool IsOfDom0 => Root.StartsWith("/local/domain/0/", StringComparison.Ordinal);

    internal string Path => string.Create(CultureInfo.InvariantCulture, $"{Root}/{GuestDomid}/{DeviceId}");

    /// <param name="backEndDomid">The domain that this process runs in.</param>
    /// <param name="kind"><c>virtio</c> as libxl writes it, or <c>virtio-mmio</c>.</param>
    internal static string RootOf(uint backEndDomid, string kind = "virtio") =>
        string.Create(CultureInfo.InvariantCulture, $"/local/domain/{backEndDomid}/backend/{kind}");

    /// <summary>Reads "5" and "0": the store's folder names, in plain decimal.</summary>
    internal static bool TryParse(string root, string guest, string device, out VirtioNodeAddress address)
    {
        bool good = TryParseName(guest, out uint domid) & TryParseName(device, out uint id);
        address = new VirtioNodeAddress(root, domid, id);
        return good;
    }

    public override string ToString() => Path;

    // "05" would be a second name for the same device.
    private static bool TryParseName(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number.ToString(CultureInfo.InvariantCulture) == text;
}
