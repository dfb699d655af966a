namespace XenDmHost.Host.VhostUser;

/// <summary>How long the host waits for a back-end, and how much it sends. The owner's earlier deadline cuts every wait short.</summary>
internal sealed record VhostUserLimits
{
    internal static readonly VhostUserLimits Default = new();

    /// <summary>For one answer, in milliseconds.</summary>
    internal int AnswerMs { get; init; } = 5_000;

    /// <summary>For mapping the guest's memory, up to the first GiB of it, in milliseconds.</summary>
    internal int MemTableMs { get; init; } = 30_000;

    /// <summary>
    /// On top of it for each further GiB, in milliseconds. Mapping a Xen guest costs up to 4 s per GiB; twice that on a
    /// machine that is busy.
    /// </summary>
    internal int MappingMsPerGib { get; init; } = 8_000;

    /// <summary>For a ring to stop, in milliseconds: the back-end first completes what is in flight.</summary>
    internal int StopMs { get; init; } = 30_000;

    /// <summary>
    /// The most regions in one SET_MEM_TABLE: 8 by the specification. Back-ends made with the vhost crates take 32.
    /// </summary>
    internal int RegionsPerTable { get; init; } = 8;
}
