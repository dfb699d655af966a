using System.Globalization;

namespace XenDmHost.Host.VirtioMmio;

/// <summary>The names of the feature bits that every device has (virtio 1.3, 6), and of those that vhost-user adds, for people.</summary>
internal static class FeatureNames
{
    private static readonly Dictionary<int, string> Names = new()
    {
        [24] = "NOTIFY_ON_EMPTY",
        [26] = "LOG_ALL",
        [27] = "ANY_LAYOUT",
        [28] = "INDIRECT_DESC",
        [29] = "EVENT_IDX",
        [30] = "PROTOCOL_FEATURES",
        [32] = "VERSION_1",
        [33] = "ACCESS_PLATFORM",
        [34] = "RING_PACKED",
        [35] = "IN_ORDER",
        [36] = "ORDER_PLATFORM",
        [37] = "SR_IOV",
        [38] = "NOTIFICATION_DATA",
        [39] = "NOTIF_CONFIG_DATA",
        [40] = "RING_RESET",
        [41] = "ADMIN_VQ",
        [43] = "SUSPEND",
    };

    /// <summary>The names, the lowest bit first; a bit that belongs to a type of device is shown by its number.</summary>
    internal static IReadOnlyList<string> Of(ulong features) => [.. Enumerable.Range(0, 64)
        .Where(bit => (features >> bit & 1) != 0)
        .Select(bit => Names.TryGetValue(bit, out string? name) ? name : bit.ToString(CultureInfo.InvariantCulture))];
}
