using System.Net;
using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Guest.Drivers.Net;

/// <summary>virtio-net (virtio 1.3, 5.1): reads address, link and MTU where they are offered, and asks who has the gateway's address.</summary>
internal sealed class NetDriver : IGuestDriver
{
    private const ulong MtuFeature = 1UL << 3;
    private const ulong MacFeature = 1UL << 5;
    private const ulong MergeFeature = 1UL << 15;
    private const ulong StatusFeature = 1UL << 16;
    private const int MacOffset = 0;
    private const int StatusOffset = 6;
    private const int MtuOffset = 10;
    private const int ReceiveQueue = 0;
    private const int TransmitQueue = 1;
    private const int Queues = 2;
    private const int HeaderBytes = 12;
    private const int FrameBytes = 1526;
    private const int MostOtherFrames = 100;
    private static readonly IPAddress Guest = IPAddress.Parse("192.0.2.15");
    private static readonly IPAddress Gateway = IPAddress.Parse("192.0.2.2");

    public string Name => "net";

    public ulong Features => MtuFeature | MacFeature | MergeFeature | StatusFeature;

    public JsonObject Drive(DriverContext context)
    {
        var device = context.Device;
        var mac = device.Has(MacFeature) ? device.Config.ReadBytes(MacOffset, 6) : RandomMac(context);
        var linkUp = !device.Has(StatusFeature) || (device.Config.ReadU16(StatusOffset) & 1) != 0;
        var facts = new JsonObject
        {
            ["mac"] = ArpFrame.Text(mac),
            ["macGiven"] = device.Has(MacFeature),
            ["linkUp"] = linkUp,
            ["mtu"] = device.Has(MtuFeature) ? device.Config.ReadU16(MtuOffset) : null,
        };
        device.SetUpQueues(Queues);
        device.SetDriverOk();
        if (linkUp)
        {
            AskForGateway(context, mac, facts);
        }

        return facts;
    }

    public string Summarize(JsonObject facts) => facts["linkUp"]!.GetValue<bool>()
        ? $"{facts["gateway"]} is at {facts["gatewayMac"]}, says ARP to {facts["mac"]}"
        : "the link is down";

    private static void AskForGateway(DriverContext context, byte[] mac, JsonObject facts)
    {
        var received = new ReceiveBuffers(context.Memory, context.Device.Queues[ReceiveQueue], HeaderBytes + FrameBytes);
        var transmit = new Transmitter(context.Memory, context.Device.Queues[TransmitQueue]);
        transmit.Send(new byte[HeaderBytes], ArpFrame.WhoHas(Gateway, mac, Guest), "an ARP request");
        for (var other = 0; other < MostOtherFrames; other++)
        {
            var packet = received.Take(DriverContext.RequestLimit)
                ?? throw new DriverFailure($"nobody answered who has {Gateway} within {DriverContext.RequestLimit.TotalSeconds:0} s");
            if (packet.Length > HeaderBytes && ArpFrame.ReadAnswer(packet.AsSpan(HeaderBytes), mac, Gateway) is { } gatewayMac)
            {
                facts["gateway"] = Gateway.ToString();
                facts["gatewayMac"] = ArpFrame.Text(gatewayMac);
                return;
            }
        }

        throw new DriverFailure($"{MostOtherFrames} frames came, and none said who has {Gateway}");
    }

    /// <summary>As Linux: one of the addresses that anybody may give himself.</summary>
    private static byte[] RandomMac(DriverContext context)
    {
        var mac = new byte[6];
        context.NewRandom(0).NextBytes(mac);
        mac[0] = (byte)((mac[0] & 0xfe) | 2);
        return mac;
    }
}
