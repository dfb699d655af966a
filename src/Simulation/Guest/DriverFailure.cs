namespace XenDmHost.Simulation.Guest;

/// <summary>
/// What the guest saw is not what a driver may expect. It ends the driving of that device and becomes the "error" of its
/// report line; the guest's other devices go on.
/// </summary>
internal sealed class DriverFailure(string message) : Exception(message);
