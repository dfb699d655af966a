using XenDmHost.Host.Native;

namespace XenDmHost.Host.Hypervisor.Simulated;

/// <summary>What the simulation answered.</summary>
/// <param name="Result">0 or a negative errno.</param>
/// <param name="V0">The first value.</param>
/// <param name="V1">The second value.</param>
/// <param name="V2">The third value.</param>
/// <param name="Descriptor">The descriptor that came with it, or null.</param>
internal readonly record struct HypercallAnswer(int Result, ulong V0, ulong V1, ulong V2, FileDescriptor? Descriptor);
