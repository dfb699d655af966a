using System.Net;

namespace XenDmHost.Simulation.StandIns.Devices.Net;

/// <summary>A station that answers who-has for its own address (RFC 826), and nothing else.</summary>
internal sealed class ArpResponder(IPAddress address)
{
    private const int FrameSize = 42, Operation = 20, SenderMac = 22, SenderIp = 28, TargetIp = 38, ShortestFrame = 60;

    /// <summary>Ethernet type ARP, Ethernet addresses of 6 bytes for IPv4 ones of 4, who-has.</summary>
    private static readonly byte[] WhoHas = [0x08, 0x06, 0x00, 0x01, 0x08, 0x00, 6, 4, 0x00, 0x01];

    private static readonly byte[] OwnMac = [0x9a, 0x55, 0x9a, 0x55, 0x9a, 0x55];

    /// <summary>The frame to send back, or null.</summary>
    internal byte[]? Answer(ReadOnlySpan<byte> frame)
    {
        byte[] own = address.GetAddressBytes();
        if (frame.Length < FrameSize || !frame[12..22].SequenceEqual(WhoHas) || !frame.Slice(TargetIp, 4).SequenceEqual(own)) return null;
        byte[] answer = new byte[ShortestFrame];
        frame[..FrameSize].CopyTo(answer);
        frame.Slice(SenderMac, 6).CopyTo(answer);
        OwnMac.CopyTo(answer, 6);
        answer[Operation + 1] = 2;
        OwnMac.CopyTo(answer, SenderMac);
        own.CopyTo(answer, SenderIp);
        frame.Slice(SenderMac, 10).CopyTo(answer.AsSpan(SenderMac + 10));
        return answer;
    }
}
