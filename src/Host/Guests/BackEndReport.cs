namespace XenDmHost.Host.Guests;

/// <summary>What a back-end offers, for people and programs.</summary>
internal sealed record BackEndReport
{
    /// <summary>GET_FEATURES.</summary>
    internal required ulong Features { get; init; }

    /// <summary>Names, and numbers for the bits of the device's own type.</summary>
    internal required IReadOnlyList<string> FeatureNames { get; init; }

    /// <summary>GET_PROTOCOL_FEATURES; 0 when there are none.</summary>
    internal required ulong ProtocolFeatures { get; init; }

    internal required IReadOnlyList<string> ProtocolFeatureNames { get; init; }

    /// <summary>Those that the host uses.</summary>
    internal required IReadOnlyList<string> Used { get; init; }

    /// <summary>Those that it does not use, each with the reason.</summary>
    internal required IReadOnlyDictionary<string, string> NotUsed { get; init; }

    /// <summary>GET_QUEUE_NUM; null when the back-end does not say.</summary>
    internal required int? Queues { get; init; }

    /// <summary>GET_MAX_MEM_SLOTS; null when the back-end does not say.</summary>
    internal required int? MemorySlots { get; init; }

    /// <summary>The configuration space as far as it is answered; null when the back-end does not serve it.</summary>
    internal required byte[]? Config { get; init; }

    /// <summary>Whether the back-end can map the memory of a guest on Xen.</summary>
    internal required bool ServesXen { get; init; }
}
