namespace XenDmHost.Host.XenStore;

/// <summary>Limits of a <see cref="XenStoreClient"/>, and who is told what happens to it.</summary>
internal sealed record XenStoreClientOptions
{
    /// <summary>How long a request waits for its answer.</summary>
    internal TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The wait before the first attempt to connect again; it doubles up to <see cref="LongestBackoff"/>.</summary>
    internal TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the end of the client waits for its threads. A callback may be in the middle of a request.</summary>
    internal TimeSpan EndLimit { get; init; } = TimeSpan.FromSeconds(15);

    internal TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a transaction that met a conflict is begun again before EAGAIN is the answer.</summary>
    internal int TransactionAttempts { get; init; } = 50;

    /// <summary>Told the reason when the connection is lost, and null when it is back; on the thread of the watch callbacks.</summary>
    internal Action<string?>? ConnectionChanged { get; init; }

    /// <summary>Told what a watch callback threw, which is a bug of ours; without it the process ends.</summary>
    internal Action<Exception>? CallbackFailed { get; init; }
}
