using System.Text;

namespace XenDmHost.Host.XenStore;

/// <summary>
/// Strings on the wire. Values are bytes by the protocol and 7-bit text by convention; Latin-1 takes every byte there
/// and back unchanged.
/// </summary>
internal static class WireText
{
    internal static string Decode(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>Whether the text has a byte for every character, and (in a string that NUL ends) no NUL.</summary>
    internal static bool IsEncodable(string text, bool nulAllowed) =>
        !text.Any(character => character > 0xff || (character == '\0' && !nulAllowed));

    /// <summary>Each string with a NUL behind it, then <paramref name="tail"/> without one.</summary>
    internal static byte[] Encode(IEnumerable<string> strings, string tail = "")
    {
        StringBuilder text = new();
        foreach (string part in strings) text.Append(part).Append('\0');
        return Encoding.Latin1.GetBytes(text.Append(tail).ToString());
    }

    /// <summary>The strings of a payload in which NUL ends each; bytes behind the last NUL count as one more.</summary>
    internal static List<string> Split(ReadOnlySpan<byte> payload)
    {
        List<string> strings = [];
        while (!payload.IsEmpty)
        {
            int end = payload.IndexOf((byte)0);
            if (end < 0) end = payload.Length;
            strings.Add(Decode(payload[..end]));
            payload = payload[Math.Min(end + 1, payload.Length)..];
        }

        return strings;
    }
}
