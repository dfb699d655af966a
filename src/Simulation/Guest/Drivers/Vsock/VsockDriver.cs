using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Guest.Drivers.Vsock;

/// <summary>
/// virtio-vsock (virtio 1.3, 5.10): connects to a port of the host where somebody sends back what comes, sends more than
/// either side has room for, compares, and shuts the stream down.
/// </summary>
internal sealed class VsockDriver : IGuestDriver
{
    private const int ReceiveQueue = 0;
    private const int TransmitQueue = 1;
    private const int EventQueue = 2;
    private const int Queues = 3;
    private const int EventBytes = 4;
    private const int Bytes = 256 * 1024;

    public string Name => "vsock";

    public ulong Features => 0;

    public JsonObject Drive(DriverContext context)
    {
        var cid = context.Device.Config.ReadU64(0);
        context.Device.SetUpQueues(Queues);
        context.Device.SetDriverOk();
        _ = new ReceiveBuffers(context.Memory, context.Device.Queues[EventQueue], EventBytes);
        var received = new ReceiveBuffers(context.Memory, context.Device.Queues[ReceiveQueue], VsockHeader.Size + VsockStream.MostBytes);
        var transmit = new Transmitter(context.Memory, context.Device.Queues[TransmitQueue]);
        var stream = new VsockStream(received, transmit, cid, context.Options.VsockPort);
        stream.Connect();
        var data = new byte[Bytes];
        context.NewRandom(0).NextBytes(data);
        var back = stream.Exchange(data);
        var same = back.AsSpan().CommonPrefixLength(data);
        if (same != data.Length)
        {
            throw new DriverFailure($"byte {same} of {data.Length} came back as another one");
        }

        stream.Shutdown();
        return new JsonObject
        {
            ["cid"] = cid,
            ["port"] = context.Options.VsockPort,
            ["bytesEchoed"] = data.Length,
            ["sentSha256"] = Convert.ToHexStringLower(SHA256.HashData(data)),
            ["waitsForCredit"] = stream.Waits,
        };
    }

    public string Summarize(JsonObject facts) =>
        $"as {facts["cid"]} connected to port {facts["port"]} of the host, got {facts["bytesEchoed"]} bytes back as they were sent, and shut the stream down";
}
