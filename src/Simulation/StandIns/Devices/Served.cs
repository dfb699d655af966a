namespace XenDmHost.Simulation.StandIns.Devices;

/// <summary>What became of a request.</summary>
internal readonly record struct Served
{
    private Served(bool isKept, uint written, string? fault) => (IsKept, Written, Fault) = (isKept, written, fault);

    /// <summary>The device holds the request and gives it back later.</summary>
    internal static Served Kept { get; } = new(isKept: true, 0, null);

    internal bool IsKept { get; }

    /// <summary>Bytes written into the request's buffers.</summary>
    internal uint Written { get; }

    /// <summary>Why the chain could not even be answered, which breaks the ring; null otherwise.</summary>
    internal string? Fault { get; }

    internal static Served Done(uint written) => new(isKept: false, written, null);

    internal static Served Broken(string fault) => new(isKept: false, 0, fault);
}
