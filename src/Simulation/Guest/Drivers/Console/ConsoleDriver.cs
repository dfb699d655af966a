using System.Security.Cryptography;
using System.Text.Json.Nodes;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Console;

/// <summary>
/// virtio-console (virtio 1.2, 5.3): writes lines of text, and reads back what the other end echoes, which must be the same.
/// With MULTIPORT it opens port 0 first; without, it leaves the control queues alone.
/// </summary>
internal sealed class ConsoleDriver : IGuestDriver
{
    private const ulong Multiport = 1UL << 1;
    private const int ReceiveQueue = 0;
    private const int TransmitQueue = 1;
    private const int ControlReceiveQueue = 2;
    private const int ControlTransmitQueue = 3;
    private const int PortsOffset = 4;

    public string Name => "console";

    public ulong Features => Multiport;

    public string Summarize(JsonObject facts) =>
        $"wrote {facts["bytesSent"]} bytes of text in {facts["lines"]} lines and read the same back"
        + (facts["port"] is { } port ? $" on port \"{port}\"" : "");

    public JsonObject Drive(DriverContext context)
    {
        var hasPorts = context.Device.Has(Multiport);
        var facts = new JsonObject();
        if (hasPorts)
        {
            facts["ports"] = context.Device.Config.ReadU32(PortsOffset);
        }

        context.Device.SetUpQueues(hasPorts ? 4 : 2);
        context.Device.SetDriverOk();
        var receiver = new ConsoleReceiver(context.Memory, context.Device.Queues[ReceiveQueue], buffers: 32, bufferBytes: 100);
        if (hasPorts)
        {
            facts["port"] = new ConsolePorts(
                context.Memory, context.Device.Queues[ControlReceiveQueue], context.Device.Queues[ControlTransmitQueue]).Open();
        }

        var lines = ConsoleText.Make(context.NewRandom(stream: 0), context.Run);
        var sent = Talk(context, receiver, lines);
        facts["lines"] = lines.Count;
        facts["bytesSent"] = sent.Length;
        facts["sentSha256"] = Convert.ToHexStringLower(SHA256.HashData(sent));
        facts["bytesEchoed"] = sent.Length;
        return facts;
    }

    /// <summary>Line by line, as a person does who waits for the echo.</summary>
    private static byte[] Talk(DriverContext context, ConsoleReceiver receiver, IReadOnlyList<byte[]> lines)
    {
        foreach (var line in lines)
        {
            Write(context, line);
            List<byte> echo = [];
            while (echo.Count < line.Length)
            {
                echo.AddRange(receiver.Receive($"the echo of a line of {line.Length} bytes, of which {echo.Count} came,"));
            }

            if (!line.AsSpan().SequenceEqual(echo.ToArray()))
            {
                throw new DriverFailure("the console's echo differs from what was written");
            }
        }

        return [.. lines.SelectMany(line => line)];
    }

    private static void Write(DriverContext context, byte[] line)
    {
        var buffer = context.Memory.Allocate(line.Length);
        line.CopyTo(buffer.Span);
        var request = new VirtqueueRequest(BufferSegment.ForDeviceToRead(buffer.Address, line.Length));
        context.Device.Queues[TransmitQueue].Submit(request, DriverContext.RequestLimit);
        request.Wait(DriverContext.RequestLimit, $"a line of {line.Length} bytes");
        buffer.Dispose();
    }
}
