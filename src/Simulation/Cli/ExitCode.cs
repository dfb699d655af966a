using XenDmHost.Simulation.Hypervisor;

namespace XenDmHost.Simulation.Cli;

/// <summary>What the process says at its end.</summary>
internal static class ExitCode
{
    /// <summary>All that was demanded held.</summary>
    internal const int Ok = 0;

    /// <summary>A device or driver did not do what it should.</summary>
    internal const int Failed = 1;

    /// <summary>The command line, the folder or a file cannot be used.</summary>
    internal const int Usage = 2;

    /// <summary>The host broke the ioreq protocol.</summary>
    internal const int Violation = HostFault.Violation;

    /// <summary>The host left an access unanswered.</summary>
    internal const int Hang = HostFault.Hang;
}
