namespace XenDmHost.Simulation.Hypervisor;

/// <summary>A claimed range of guest-physical addresses; <paramref name="End"/> is inclusive, as in XEN_DMOP_map_io_range.</summary>
internal readonly record struct IoRange(ulong Start, ulong End)
{
    internal bool Overlaps(IoRange other) => Start <= other.End && other.Start <= End;

    /// <summary>Whether the whole access lies inside; an access that only begins here belongs to nobody.</summary>
    internal bool ContainsAll(ulong address, ulong extent) =>
        address >= Start && address <= End && End - address >= extent - 1;
}
