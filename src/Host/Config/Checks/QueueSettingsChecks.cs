using System.Numerics;
using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config.Checks;

/// <summary>Checks of <c>"queues"</c> that need no plugin: which names and maxima there are, the plugin says later.</summary>
internal static class QueueSettingsChecks
{
    /// <summary>The largest queue (virtio 1.3, 2.7: Queue Size).</summary>
    private const int MaxSize = 32768;

    internal static void Check(JsonTreeNode? node, ConfigErrorList errors)
    {
        if (node is null)
        {
            return;
        }

        var queues = new ObjectReader(node, errors);
        JsonTreeNode? size = queues.Integer("size", 1, MaxSize);
        JsonTreeNode? sizes = queues.Object("sizes");
        queues.End();

        if (size is not null)
        {
            PowerOfTwo(size, errors);
        }

        foreach (JsonMember queue in sizes?.Members ?? [])
        {
            if (ValueChecks.Integer(queue.Value, 1, MaxSize, errors))
            {
                PowerOfTwo(queue.Value, errors);
            }
        }
    }

    private static void PowerOfTwo(JsonTreeNode node, ConfigErrorList errors)
    {
        uint size = (uint)ValueChecks.AsInteger(node)!.Value;
        if (!BitOperations.IsPow2(size))
        {
            uint above = BitOperations.RoundUpToPowerOf2(size);
            errors.Add(node, $"{size} is not a power of two; use {above / 2} or {above}");
        }
    }
}
