using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config.Checks;

/// <summary>What two devices of one guest must not share: the id, the register window, the interrupt.</summary>
internal sealed class DeviceClashes(ConfigErrorList errors)
{
    private readonly Dictionary<long, JsonTreeNode> ids = [];
    private readonly Dictionary<long, JsonTreeNode> irqs = [];
    private readonly List<(ulong Start, JsonTreeNode Node)> windows = [];

    internal void Id(JsonTreeNode id) => Unique(ids, id, "id");

    internal void Irq(JsonTreeNode irq) => Unique(irqs, irq, "irq");

    internal void Window(JsonTreeNode node, ulong start)
    {
        foreach ((ulong other, JsonTreeNode first) in windows)
        {
            if (Math.Max(start, other) - Math.Min(start, other) < TransportChecks.WindowSize)
            {
                errors.Add(node, $"the window of 0x{TransportChecks.WindowSize:x} bytes at 0x{start:x} overlaps the one on line {first.Line}");
                return;
            }
        }

        windows.Add((start, node));
    }

    private void Unique(Dictionary<long, JsonTreeNode> seen, JsonTreeNode node, string what)
    {
        if (ValueChecks.AsInteger(node) is { } value && !seen.TryAdd(value, node))
        {
            errors.Add(node, $"{what} {value} is used twice; the first device with it is on line {seen[value].Line}");
        }
    }
}
