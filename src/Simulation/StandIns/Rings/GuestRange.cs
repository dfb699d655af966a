namespace XenDmHost.Simulation.StandIns.Rings;

/// <summary>A buffer of a descriptor, by guest address.</summary>
internal readonly record struct GuestRange(ulong Address, uint Length);
