using XenDmHost.Simulation.Guest.Transport;

namespace XenDmHost.Simulation.Guest.Drivers;

/// <summary>What a driver works with.</summary>
/// <param name="Device">The device, its features negotiated.</param>
/// <param name="Machine">The guest's vCPUs.</param>
/// <param name="Memory">Where its buffers come from.</param>
/// <param name="Run">1 the first time that this guest drives the device, one more after every reset.</param>
/// <param name="Options">The user's wishes.</param>
internal sealed record DriverContext(VirtioMmioDevice Device, Machine Machine, DeviceMemory Memory, int Run, DriverOptions Options)
{
    /// <summary>The longest that a driver waits for any one request.</summary>
    internal static TimeSpan RequestLimit => TimeSpan.FromSeconds(60);

    // Not HashCode: its result differs from process to process.
    internal Random NewRandom(int stream) => new(unchecked((Options.Seed * 1_000_003) ^ (Run * 8191) ^ (stream * 131)));
}
