using System.Globalization;

namespace XenDmHost.Host.XenStore;

/// <summary>Numbers in nodes: written in decimal or hexadecimal, depending on who wrote them.</summary>
internal static class StoreNumber
{
    /// <summary>As strtoul with base 0 reads it (0x: hexadecimal, 0: octal), but nothing may stand before or behind.</summary>
    internal static bool TryParse(string text, out ulong value)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        }

        if (text.Length > 1 && text[0] == '0') return TryParseOctal(text.AsSpan(1), out value);
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    internal static bool TryParse(string text, out uint value)
    {
        bool good = TryParse(text, out ulong wide) && wide <= uint.MaxValue;
        value = good ? (uint)wide : 0;
        return good;
    }

    /// <summary>A size as Linux' memparse reads it: a number, and K, M or G behind it if it counts those.</summary>
    internal static bool TryParseSize(string text, out ulong bytes)
    {
        int shift = text.Length > 1 ? ShiftOf(text[^1]) : 0;
        bool good = TryParse(shift > 0 ? text[..^1] : text, out bytes) && bytes <= ulong.MaxValue >> shift;
        bytes = good ? bytes << shift : 0;
        return good;
    }

    /// <summary>A state node; whatever is none counts as <see cref="XenbusState.Unknown"/>.</summary>
    internal static XenbusState ParseState(string text) =>
        TryParse(text, out uint value) && value <= (uint)XenbusState.Reconfigured ? (XenbusState)value : XenbusState.Unknown;

    private static int ShiftOf(char suffix) => char.ToUpperInvariant(suffix) switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };

    private static bool TryParseOctal(ReadOnlySpan<char> digits, out ulong value)
    {
        value = 0;
        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7' || value >> 61 != 0) return false;
            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }
}
