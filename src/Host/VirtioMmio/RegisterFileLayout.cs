namespace XenDmHost.Host.VirtioMmio;

/// <summary>What is fixed about a device's registers for as long as it exists.</summary>
internal sealed class RegisterFileLayout
{
    /// <summary>QueueSizeMax of each queue: powers of two.</summary>
    internal required IReadOnlyList<ushort> QueueSizes { get; init; }

    /// <summary>The parts of the configuration space that a guest may write.</summary>
    internal required IReadOnlyList<WritableField> WritableFields { get; init; }

    /// <summary>Without these the driver's choice of features is refused; VERSION_1 always is one of them.</summary>
    internal ulong RequiredFeatures { get; init; } = VirtioFeature.Version1;

    /// <summary>Whether a range of addresses (address, length) that a driver gives is its memory as a whole: RAM, or grants.</summary>
    internal required Func<ulong, ulong, bool> IsRam { get; init; }
}
