namespace XenDmHost.Abstractions;

/// <summary>A rule for one device-type feature bit.</summary>
/// <param name="Bit">The bit's number: 0 to 23 or 50 to 63 (virtio 1.3, 2.2: device-type bits).</param>
/// <param name="Name">The name in the specification, such as "VIRTIO_BLK_F_SIZE_MAX".</param>
/// <param name="Action">What happens to the bit.</param>
/// <param name="Reason">Why, in one line, for logs and tables.</param>
public sealed record FeatureRule(int Bit, string Name, FeatureAction Action, string Reason);
