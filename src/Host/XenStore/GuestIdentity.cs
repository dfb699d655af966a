namespace XenDmHost.Host.XenStore;

/// <summary>A running guest. The domid names it on this host as long as <paramref name="VmPath"/> is the same.</summary>
/// <param name="Domid">Given out again after the guest is gone.</param>
/// <param name="Name">The name that the toolstack gave it.</param>
/// <param name="VmPath"><c>/vm/&lt;uuid&gt;</c>; the uuid stays the same over reboots.</param>
internal sealed record GuestIdentity(uint Domid, string Name, string VmPath)
{
    private const string VmFolder = "/vm/";

    /// <summary>A guest of which this domain may read neither name nor uuid: no more than its number is known.</summary>
    internal static GuestIdentity Unread(uint domid) => new(domid, "", "");

    /// <summary>Whether the store did not let this domain read more than the guest's number.</summary>
    internal bool IsUnread => VmPath.Length == 0;

    /// <summary>The uuid that a guest is found by after a reboot, or null when the toolstack wrote none.</summary>
    internal Guid? Uuid => VmPath.StartsWith(VmFolder, StringComparison.Ordinal) && Guid.TryParse(VmPath.AsSpan(VmFolder.Length), out Guid uuid) ? uuid : null;

    /// <summary>Whether this is the guest that a guest file names, by domid (all digits), uuid or name.</summary>
    internal bool Answers(string guest)
    {
        if (guest.All(char.IsAsciiDigit)) return guest == Domid.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Guid.TryParse(guest, out Guid uuid) ? Uuid == uuid : Name == guest;
    }
}
