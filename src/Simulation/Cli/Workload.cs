namespace XenDmHost.Simulation.Cli;

/// <summary>What the guest does once it runs.</summary>
internal enum Workload
{
    /// <summary>Drives its devices with their drivers.</summary>
    Drive,

    /// <summary>Makes random accesses.</summary>
    Random,

    /// <summary>Nothing, until it is told to end.</summary>
    Idle,
}
