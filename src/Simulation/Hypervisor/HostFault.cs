namespace XenDmHost.Simulation.Hypervisor;

/// <summary>
/// The host did what would crash or hang a guest on Xen. It ends the simulation: there is no guest left to go on with.
/// </summary>
internal sealed class HostFault(string message, int exitCode) : Exception(message)
{
    internal const int Violation = 3;
    internal const int Hang = 4;

    internal int ExitCode { get; } = exitCode;
}
