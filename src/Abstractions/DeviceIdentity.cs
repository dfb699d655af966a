namespace XenDmHost.Abstractions;

/// <summary>Which virtio device this is.</summary>
/// <param name="VirtioId">The virtio device id (virtio 1.3, chapter 5), as the register DeviceID shows it; 1 or more.</param>
/// <param name="Name">A short name for logs and tables, such as "snd".</param>
/// <param name="VendorId">The register VendorID; 0 lets the host use its own.</param>
public sealed record DeviceIdentity(uint VirtioId, string Name, uint VendorId = 0);
