using XenDmHost.Simulation.Guest.Drivers;

namespace XenDmHost.Simulation.Cli;

/// <summary>What `xendmhost-sim guest` was asked for.</summary>
internal sealed record GuestOptions
{
    /// <summary>Where hypervisor.sock and xenstored.sock appear.</summary>
    internal required string Directory { get; init; }

    internal string Name { get; init; } = "work";

    internal uint DomId { get; init; } = 1;

    internal int Devices { get; init; } = 1;

    internal int MemoryMiB { get; init; } = 64;

    internal int Banks { get; init; } = 1;

    internal int Vcpus { get; init; } = 2;

    /// <summary>How long the guest stays paused for the host to connect its devices.</summary>
    internal TimeSpan BootLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a vCPU waits for the answer to one access before that counts as a hang.</summary>
    internal TimeSpan AccessLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A file, or "-" for standard output.</summary>
    internal string Report { get; init; } = "-";

    internal Workload Workload { get; init; } = Workload.Drive;

    /// <summary>Accesses of the random workload that the host must have answered.</summary>
    internal long Accesses { get; init; } = 100_000;

    internal int Seed { get; init; } = 1;

    internal bool Wait { get; init; }

    internal string? PcmFile { get; init; }

    internal int InputEvents { get; init; }

    internal uint VsockPort { get; init; } = 1234;

    /// <summary>A guest of x86: no device tree and no nodes of a toolstack; devices come over xenbus, their interrupts are event channels.</summary>
    internal bool Xenbus { get; init; }

    /// <summary>The guest gives its memory by grants, page by page (grant_usage=1).</summary>
    internal bool Grants { get; init; }

    /// <summary>How often a driver on xenbus is unbound and bound again.</summary>
    internal int Rebinds { get; init; }

    /// <summary>The guest's uuid, which a reboot keeps; null for a new one.</summary>
    internal Guid? Uuid { get; init; }

    /// <summary>Whether xenstore stays when the guest has gone, until the simulation is told to end.</summary>
    internal bool StoreStays { get; init; }

    internal DriverOptions DriverOptions => new(Seed, PcmFile) { InputEvents = InputEvents, VsockPort = VsockPort };
}
