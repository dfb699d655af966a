using System.Text;
using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Guest.Drivers.Gpio;

/// <summary>
/// virtio-gpio (virtio 1.2, 5.18): reads the names, makes each line an output and reads back both levels, sees that nonsense
/// is refused, and, with VIRTIO_GPIO_F_IRQ, makes an edge and waits for what becomes of its interrupt. Without the feature
/// one of the device's two queues stays unused.
/// </summary>
internal sealed class GpioDriver : IGuestDriver
{
    private const ulong Irq = 1UL << 0;
    private const int RequestQueueIndex = 0;
    private const int EventQueueIndex = 1;
    private const int NamesSizeOffset = 4;
    private const int MostNameBytes = 1 << 16;
    private const int MostLines = 32;

    public string Name => "gpio";

    public ulong Features => Irq;

    public string Summarize(JsonObject facts) =>
        $"set and read {facts["linesDriven"]} of {facts["lines"]} lines ({facts["names"]?.AsArray().FirstOrDefault()}, …)"
        + (facts["lineInterrupts"] is { } count ? $", {count} interrupt(s) of a line" : ", without interrupts");

    public JsonObject Drive(DriverContext context)
    {
        var device = context.Device;
        var lines = device.Config.ReadU16(0);
        var namesSize = device.Config.ReadU32(NamesSizeOffset);
        device.SetUpQueues(device.Has(Irq) ? 2 : 1);
        device.SetDriverOk();
        var requests = new GpioRequests(new RequestQueue(context.Memory, device.Queues[RequestQueueIndex]));
        var facts = new JsonObject { ["lines"] = lines, ["names"] = ReadNames(requests, lines, namesSize) };
        var driven = Math.Min((int)lines, MostLines);
        for (var line = 0; line < driven; line++)
        {
            DriveLine(requests, line);
        }

        facts["linesDriven"] = driven;
        CheckRefusals(requests, lines);
        if (device.Has(Irq) && lines >= 2)
        {
            facts["lineInterrupts"] = new GpioInterrupts(context, requests, device.Queues[EventQueueIndex]).CountAtEdge(output: 0, input: 1);
        }

        for (var line = 0; line < driven; line++)
        {
            requests.SetDirection(line, GpioDirection.None);
        }

        return facts;
    }

    private static JsonArray ReadNames(GpioRequests requests, int lines, uint size)
    {
        if (size == 0)
        {
            return [];
        }

        if (lines == 0 || size > MostNameBytes)
        {
            throw new DriverFailure($"the configuration names {lines} lines and {size} bytes for their names");
        }

        var text = Encoding.ASCII.GetString(requests.Ask(GpioCode.GetLineNames, 0, answerBytes: (int)size));
        var names = text[..^1].Split('\0');
        return names.Length == lines && text[^1] == '\0'
            ? [.. names.Select(name => JsonValue.Create(name))]
            : throw new DriverFailure($"{lines} lines have {names.Length} names");
    }

    /// <summary>The level comes before the direction, so that an output never starts at random.</summary>
    private static void DriveLine(GpioRequests requests, int line)
    {
        _ = requests.Direction(line);
        foreach (byte level in (byte[])[1, 0, 1])
        {
            requests.SetValue(line, level);
            requests.SetDirection(line, GpioDirection.Out);
            if (requests.Value(line) != level)
            {
                throw new DriverFailure($"line {line} reads {requests.Value(line)} after it was set to {level}");
            }
        }
    }

    private static void CheckRefusals(GpioRequests requests, int lines)
    {
        if (lines > 0 && (requests.TryAsk(GpioCode.SetValue, 0, 2) ?? requests.TryAsk(GpioCode.SetDirection, 0, 10)) is not null)
        {
            throw new DriverFailure("a level of 2 or a direction of 10 was accepted");
        }
    }
}
