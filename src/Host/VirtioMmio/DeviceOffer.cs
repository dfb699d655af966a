namespace XenDmHost.Host.VirtioMmio;

/// <summary>What a connected device shows to the guest. Immutable; published as a whole.</summary>
/// <param name="DeviceId">The register DeviceID; not 0.</param>
/// <param name="VendorId">The register VendorID.</param>
/// <param name="Features">The feature bits offered to the driver.</param>
internal sealed record DeviceOffer(uint DeviceId, uint VendorId, ulong Features);
