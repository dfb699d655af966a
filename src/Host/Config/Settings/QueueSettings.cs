namespace XenDmHost.Host.Config.Settings;

/// <summary>Queue sizes that replace those of the plugin: powers of two, 1 to 32768.</summary>
internal sealed record QueueSettings
{
    /// <summary>For all queues; null leaves it to the plugin.</summary>
    public int? Size { get; init; }

    /// <summary>For single queues, by name; they go before <see cref="Size"/>.</summary>
    public IReadOnlyDictionary<string, int> Sizes { get; init; } = new Dictionary<string, int>();
}
