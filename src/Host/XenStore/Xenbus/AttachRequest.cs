namespace XenDmHost.Host.XenStore.Xenbus;

/// <summary>A device whose nodes shall be written.</summary>
/// <param name="BackEndDomid">The domain that serves it: ours.</param>
/// <param name="Guest">The guest; nothing is written once the domid is another's.</param>
/// <param name="DeviceId">The device's number within the guest.</param>
/// <param name="ChooseBase">
/// Given the windows that the guest has already, the place of this one; null when there is no room. It may be called several times.
/// </param>
internal sealed record AttachRequest(uint BackEndDomid, GuestIdentity Guest, uint DeviceId, Func<IReadOnlyList<ulong>, ulong?> ChooseBase)
{
    internal VirtioNodeAddress Address => new(VirtioNodeAddress.RootOf(BackEndDomid, VirtioNodeAddress.XenbusKind), Guest.Domid, DeviceId);
}
