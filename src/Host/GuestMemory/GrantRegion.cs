namespace XenDmHost.Host.GuestMemory;

/// <summary>A range of grant addresses for a memory table.</summary>
/// <param name="Address">Page aligned; bit 63 is set, and the bits below it are the first grant reference times the page size.</param>
/// <param name="Size">In bytes, a multiple of the page size.</param>
/// <param name="OnDemand">
/// Whether a back-end maps a page only when it touches it. Rings must not lie in such a range: back-ends access a ring's
/// indices through a mapping that stays.
/// </param>
internal readonly record struct GrantRegion(ulong Address, ulong Size, bool OnDemand);
