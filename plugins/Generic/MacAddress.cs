using System.Globalization;

namespace XenDmHost.Plugins.Generic;

/// <summary>The address of a network card as people write it: "52:54:00:12:34:56".</summary>
internal static class MacAddress
{
    internal const int Width = 6;

    internal const string Words = "a MAC address of one station, such as \"52:54:00:12:34:56\"";

    private const byte GroupBit = 1;

    /// <summary>Six bytes; null for anything but the address of one station: groups and zeros are no card's own.</summary>
    internal static byte[]? Parse(string text)
    {
        string[] parts = text.Split(':');
        byte[] bytes = new byte[Width];
        if (parts.Length != Width)
        {
            return null;
        }

        for (int i = 0; i < Width; i++)
        {
            if (parts[i].Length != 2 || !byte.TryParse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
            {
                return null;
            }
        }

        return (bytes[0] & GroupBit) == 0 && bytes.AsSpan().ContainsAnyExcept((byte)0) ? bytes : null;
    }
}
