namespace XenDmHost.Abstractions;

/// <summary>
/// The MTU that the guest file gives a network card. A back-end that offers the protocol feature MTU is told it with
/// VHOST_USER_NET_SET_MTU each time the rings start, if the driver has accepted the feature that announces it. One that
/// refuses it fails the device.
/// </summary>
/// <param name="Mtu">Bytes, from <see cref="Least"/> on (virtio 1.3, 5.1.4.1).</param>
/// <param name="FeatureBit">The device's feature bit that says that the MTU counts, such as 3 (VIRTIO_NET_F_MTU).</param>
public sealed record MtuNeed(ushort Mtu, int FeatureBit)
{
    /// <summary>The smallest MTU that there is.</summary>
    public const ushort Least = 68;
}
