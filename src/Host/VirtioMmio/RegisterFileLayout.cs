namespace XenDmHost.Host.VirtioMmio;

/// <summary>What is fixed about a device's registers for as long as it exists.</summary>
internal sealed class RegisterFileLayout
{
    /// <summary>QueueSizeMax of each queue: powers of two.</summary>
    internal required IReadOnlyList<ushort> QueueSizes { get; init; }

    /// <summary>The parts of the configuration space that a guest may write.</summary>
    internal required IReadOnlyList<WritableField> WritableFields { get; init; }

    /// <summary>Whether a range of guest-physical addresses (address, length) is RAM as a whole.</summary>
    internal required Func<ulong, ulong, bool> IsRam { get; init; }
}
