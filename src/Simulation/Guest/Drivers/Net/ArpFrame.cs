using System.Net;

namespace XenDmHost.Simulation.Guest.Drivers.Net;

/// <summary>ARP for IPv4 over Ethernet (RFC 826): 42 bytes.</summary>
internal static class ArpFrame
{
    private const int Size = 42;
    private const int OperationOffset = 20;
    private const int SenderMacOffset = 22;
    private const int SenderIpOffset = 28;
    private const byte Answer = 2;
    private static readonly byte[] Kind = [0x08, 0x06, 0x00, 0x01, 0x08, 0x00, 6, 4];

    internal static byte[] WhoHas(IPAddress wanted, byte[] mac, IPAddress ip) =>
    [
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, .. mac, .. Kind, 0, 1,
        .. mac, .. ip.GetAddressBytes(), 0, 0, 0, 0, 0, 0, .. wanted.GetAddressBytes(),
    ];

    /// <summary>The MAC address that an answer to <paramref name="mac"/> names for <paramref name="ip"/>; null for any other frame.</summary>
    internal static byte[]? ReadAnswer(ReadOnlySpan<byte> frame, byte[] mac, IPAddress ip)
    {
        var isAnswer = frame.Length >= Size && frame[..6].SequenceEqual(mac) && frame.Slice(12, Kind.Length).SequenceEqual(Kind)
            && frame[OperationOffset] == 0 && frame[OperationOffset + 1] == Answer
            && frame.Slice(SenderIpOffset, 4).SequenceEqual(ip.GetAddressBytes());
        return isAnswer ? frame.Slice(SenderMacOffset, 6).ToArray() : null;
    }

    internal static string Text(byte[] mac) => string.Join(':', mac.Select(part => part.ToString("x2", null)));
}
