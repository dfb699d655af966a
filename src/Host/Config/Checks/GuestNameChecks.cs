using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config.Checks;

/// <summary>Checks of <c>"guest"</c>: a name, a uuid or a domid.</summary>
internal static class GuestNameChecks
{
    /// <summary>The largest domid of a guest; DOMID_FIRST_RESERVED of xen.h, 0x7FF0, is the first that none has.</summary>
    internal const int MaxDomid = 0x7FEF;

    internal static void Check(JsonTreeNode guest, ConfigErrorList errors)
    {
        if (guest.Text.Contains('/', StringComparison.Ordinal) || guest.Text is "." or "..")
        {
            // {guest} becomes part of paths.
            errors.Add(guest, $"{Shown.Name(guest.Text)} is no guest: expected a name without '/', a uuid or a domid");
        }
        else if (guest.Text.All(char.IsAsciiDigit) && Domid(guest.Text) is null)
        {
            errors.Add(guest, $"{Shown.Name(guest.Text)} is no guest's domid; those are 1 to {MaxDomid}");
        }
    }

    /// <summary>The domid when the guest is given as one, else null.</summary>
    internal static int? Domid(string guest) =>
        guest.All(char.IsAsciiDigit) && int.TryParse(guest, out int domid) && domid is > 0 and <= MaxDomid ? domid : null;
}
