using System.Globalization;

namespace XenDmHost.Host.Config.Checks;

/// <summary>Guest-physical addresses as guest files write them.</summary>
internal static class GuestAddress
{
    /// <summary>Reads a hexadecimal number with 0x or a decimal one.</summary>
    internal static bool TryParse(string text, out ulong address)
    {
        bool hexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return hexadecimal
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out address);
    }
}
