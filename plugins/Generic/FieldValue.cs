using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace XenDmHost.Plugins.Generic;

/// <summary>
/// The bytes of a configuration field: a little-endian number when it has 1, 2, 4 or 8 bytes, else UTF-8 text filled up
/// with zeros.
/// </summary>
internal static class FieldValue
{
    internal static bool IsNumber(int width) => width is 1 or 2 or 4 or 8;

    internal static ulong MaxNumber(int width) => ulong.MaxValue >> (64 - (8 * width));

    internal static byte[] OfNumber(ulong value, int width)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes[..width];
    }

    /// <summary>Null when the text is too long.</summary>
    internal static byte[]? OfText(string text, int width)
    {
        byte[] bytes = new byte[width];
        return Encoding.UTF8.TryGetBytes(text, bytes, out _) ? bytes : null;
    }

    /// <summary>A value as a guest file writes it; null when it does not fit.</summary>
    internal static byte[]? Parse(string text, ProfileField field)
    {
        int width = field.Width;
        if (field.IsMac)
        {
            return MacAddress.Parse(text);
        }

        if (!IsNumber(width))
        {
            return OfText(text, width);
        }

        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number <= MaxNumber(width)
            ? OfNumber(number, width)
            : null;
    }

    /// <summary>What fits, in words.</summary>
    internal static string Describe(ProfileField field) => field.IsMac ? MacAddress.Words : Describe(field.Width);

    private static string Describe(int width) =>
        IsNumber(width) ? $"a whole number from 0 to {MaxNumber(width)}" : $"a text of at most {width} bytes";
}
