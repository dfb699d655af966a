namespace XenDmHost.Host.Config;

/// <summary>A bank of guest RAM that the guest file names; both in bytes.</summary>
internal readonly record struct GuestBank(ulong Address, ulong Size);
