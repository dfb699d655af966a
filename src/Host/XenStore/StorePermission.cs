using System.Globalization;

namespace XenDmHost.Host.XenStore;

/// <summary>
/// One entry of a node's permissions. The first entry of a list names the owner, who may do everything; its letter is
/// what every domain not listed may do.
/// </summary>
internal readonly record struct StorePermission(StoreAccess Access, uint Domid)
{
    internal static bool TryParse(string text, out StorePermission permission)
    {
        permission = default;
        if (text.Length < 2 || !Enum.IsDefined((StoreAccess)text[0])) return false;
        if (!uint.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out uint domid)) return false;
        permission = new StorePermission((StoreAccess)text[0], domid);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(char)Access}{Domid}");
}
