namespace XenDmHost.Simulation.Guest.Drivers;

/// <summary>What the user may choose for the drivers.</summary>
/// <param name="Seed">The same seed writes and plays the same bytes.</param>
/// <param name="PcmFile">Where the snd driver leaves a copy of what it played, or null.</param>
internal sealed record DriverOptions(int Seed, string? PcmFile)
{
    /// <summary>How many events the input driver waits for.</summary>
    internal int InputEvents { get; init; }

    /// <summary>The port of the host that the vsock driver connects to.</summary>
    internal uint VsockPort { get; init; } = 1234;
}
