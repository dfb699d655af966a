using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Guest.Drivers.Scmi;

/// <summary>
/// virtio-scmi (virtio 1.2, 5.17): asks the base protocol for its version, vendor and the list of protocols, and looks at the
/// sensors where there are some. The event queue is set up only with VIRTIO_SCMI_F_P2A_CHANNELS.
/// </summary>
internal sealed class ScmiDriver : IGuestDriver
{
    private const ulong P2AChannels = 1UL << 0;
    private const int CommandQueue = 0;
    private const int EventQueue = 1;
    private const int EventBytes = 128;
    private const int NameBytes = 16;
    private const byte SensorProtocol = 0x15;
    private const uint LeastVersion = 0x10000;

    public string Name => "scmi";

    public ulong Features => P2AChannels;

    public string Summarize(JsonObject facts) =>
        $"found SCMI {facts["baseVersion"]} of \"{facts["vendor"]}\" with the protocols {facts["protocols"]}"
        + (facts["sensorName"] is { } name ? $", read the sensor \"{name}\" twice: {facts["readings"]!.ToJsonString()}" : "");

    public JsonObject Drive(DriverContext context)
    {
        var device = context.Device;
        var hasEvents = device.Has(P2AChannels);
        device.SetUpQueues(hasEvents ? 2 : 1);
        device.SetDriverOk();
        EventBuffers? events = hasEvents ? new EventBuffers(context.Memory, device.Queues[EventQueue], EventBytes) : null;
        var commands = new ScmiCommands(new RequestQueue(context.Memory, device.Queues[CommandQueue]));
        var facts = ReadBase(commands, out var protocols);
        if (protocols.Contains(SensorProtocol))
        {
            new ScmiSensors(commands).AddTo(facts);
        }

        facts["notifications"] = events?.Received ?? 0;
        return facts;
    }

    private static JsonObject ReadBase(ScmiCommands commands, out byte[] protocols)
    {
        var version = commands.Number(ScmiMessage.BaseVersion);
        if (version < LeastVersion)
        {
            throw new DriverFailure($"the base protocol's version is 0x{version:x}");
        }

        var count = (int)(commands.Number(ScmiMessage.BaseAttributes) & 0xff);
        protocols = ListProtocols(commands, count);
        return new JsonObject
        {
            ["baseVersion"] = $"0x{version:x}",
            ["vendor"] = ScmiCommands.Name(commands.Ask(ScmiMessage.BaseDiscoverVendor, NameBytes)),
            ["subVendor"] = commands.TryAsk(ScmiMessage.BaseDiscoverSubVendor, NameBytes) is { } name ? ScmiCommands.Name(name) : null,
            ["protocols"] = string.Join(' ', protocols.Select(protocol => $"0x{protocol:x}")),
        };
    }

    /// <summary>In as many parts as the device likes, each four to a word.</summary>
    private static byte[] ListProtocols(ScmiCommands commands, int count)
    {
        List<byte> found = [];
        while (found.Count < count)
        {
            var part = commands.Ask(ScmiMessage.BaseDiscoverListProtocols, 4, (uint)found.Count);
            var inPart = BinaryPrimitives.ReadUInt32LittleEndian(part);
            if (inPart == 0 || inPart > part.Length - 4 || found.Count + inPart > count)
            {
                throw new DriverFailure($"{inPart} protocols in {part.Length} bytes, where {count - found.Count} of {count} are left");
            }

            found.AddRange(part.AsSpan(4, (int)inPart));
        }

        return [.. found];
    }
}
