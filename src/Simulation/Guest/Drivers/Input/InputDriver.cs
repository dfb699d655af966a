using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Guest.Drivers.Input;

/// <summary>
/// virtio-input (virtio 1.3, 5.8): asks what the device is and can, switches its lights, and receives as many events as it
/// was told to wait for.
/// </summary>
internal sealed class InputDriver : IGuestDriver
{
    private const int EventQueue = 0;
    private const int StatusQueue = 1;
    private const int Queues = 2;
    private const int EventBytes = 8;
    private const byte Keys = 0x01;
    private const byte Relative = 0x02;
    private const byte Absolute = 0x03;
    private const byte Lights = 0x11;

    public string Name => "input";

    public ulong Features => 0;

    public JsonObject Drive(DriverContext context)
    {
        var config = new InputConfig(context.Device.Config);
        var facts = Describe(config);
        var lights = config.ReadCodes(Lights);
        context.Device.SetUpQueues(Queues);
        context.Device.SetDriverOk();
        var events = new ReceiveBuffers(context.Memory, context.Device.Queues[EventQueue], EventBytes);
        var status = new Transmitter(context.Memory, context.Device.Queues[StatusQueue]);
        foreach (var light in lights)
        {
            status.Send(Event(Lights, light, 1), [], $"light {light}");
        }

        facts["lights"] = lights.Count;
        facts["events"] = Receive(events, context.Options.InputEvents);
        return facts;
    }

    public string Summarize(JsonObject facts) =>
        $"found \"{facts["name"]}\" with {facts["keys"]} keys, switched {facts["lights"]} light(s) on, received {facts["events"]!.AsArray().Count} event(s)";

    private static JsonObject Describe(InputConfig config)
    {
        var name = config.ReadText(InputConfig.Name);
        var ids = config.Read(InputConfig.Ids);
        if (name.Length == 0)
        {
            throw new DriverFailure("the device has no name");
        }

        if (config.Read(0xee).Length != 0)
        {
            throw new DriverFailure("the device shows something for a choice that does not exist");
        }

        return new JsonObject
        {
            ["name"] = name,
            ["serial"] = config.ReadText(InputConfig.Serial),
            ["ids"] = Convert.ToHexStringLower(ids),
            ["keys"] = config.ReadCodes(Keys).Count,
            ["relativeAxes"] = config.ReadCodes(Relative).Count,
            ["absoluteAxes"] = config.ReadCodes(Absolute).Count,
        };
    }

    /// <summary>Events as "type:code:value", in the order in which they came.</summary>
    private static JsonArray Receive(ReceiveBuffers events, int count)
    {
        var received = new JsonArray();
        while (received.Count < count)
        {
            var wire = events.Take(DriverContext.RequestLimit)
                ?? throw new DriverFailure($"{received.Count} of {count} events came within {DriverContext.RequestLimit.TotalSeconds:0} s");
            if (wire.Length != EventBytes)
            {
                throw new DriverFailure($"an event of {wire.Length} bytes instead of {EventBytes}");
            }

            var type = BinaryPrimitives.ReadUInt16LittleEndian(wire);
            var code = BinaryPrimitives.ReadUInt16LittleEndian(wire.AsSpan(2));
            received.Add($"{type}:{code}:{BinaryPrimitives.ReadInt32LittleEndian(wire.AsSpan(4))}");
        }

        return received;
    }

    private static byte[] Event(ushort type, int code, int value)
    {
        var wire = new byte[EventBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(wire, type);
        BinaryPrimitives.WriteUInt16LittleEndian(wire.AsSpan(2), (ushort)code);
        BinaryPrimitives.WriteInt32LittleEndian(wire.AsSpan(4), value);
        return wire;
    }
}
