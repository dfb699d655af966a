using System.Text;

namespace XenDmHost.UnitTests.XenStore;

/// <summary>Messages written down by hand, with the code of neither side.</summary>
internal static class Wire
{
    internal static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    internal static byte[] Message(uint operation, uint id, uint transaction, string payload) =>
    [
        .. BitConverter.GetBytes(operation), .. BitConverter.GetBytes(id), .. BitConverter.GetBytes(transaction),
        .. BitConverter.GetBytes((uint)payload.Length), .. Encoding.Latin1.GetBytes(payload),
    ];
}
