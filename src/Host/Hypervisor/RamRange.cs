namespace XenDmHost.Host.Hypervisor;

/// <summary>A range of guest-physical addresses that is RAM, or may be.</summary>
/// <param name="Address">The first byte, page aligned.</param>
/// <param name="Size">In bytes, a multiple of the page size.</param>
internal readonly record struct RamRange(ulong Address, ulong Size);
