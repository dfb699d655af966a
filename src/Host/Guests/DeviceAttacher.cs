using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Xenbus;

namespace XenDmHost.Host.Guests;

/// <summary>Makes the nodes of a guest file's devices, as a toolstack would that knew the kind.</summary>
/// <param name="store">The store.</param>
/// <param name="ownDomid">The domain that this process runs in.</param>
internal sealed class DeviceAttacher(XenStoreClient store, uint ownDomid)
{
    /// <summary>Attaches one device.</summary>
    /// <returns>Null, or in one line why not.</returns>
    internal string? Attach(GuestIdentity guest, IReadOnlyList<RamBank> ram, PlannedDevice device)
    {
        ulong? wanted = device.Entry.Settings.Transport.BaseAddress;
        MmioPlaces places = new(ram);
        AttachRequest request = new(ownDomid, guest, (uint)device.Entry.Id, taken => places.Choose(wanted, taken));
        return XenbusNodes.Attach(store, request) switch
        {
            XenStoreError.None => null,
            XenStoreError.EEXIST => $"{request.Address} is there already: detach the device first",
            XenStoreError.ENOENT => $"domain {guest.Domid} is gone",
            XenStoreError.ENOSPC when wanted is { } place => $"0x{place:x} is no free place in the guest: it is RAM, a page of the platform or another device's; leave transport.base out to have one chosen",
            XenStoreError.ENOSPC => $"there is no free place for a register window from 0x{SpecialPages.FirstWindow:x} to 0x{SpecialPages.LastWindow:x}: set transport.base",
            XenStoreError error => $"xenstore refuses the nodes of {request.Address}: {error}: run as root in the domain that serves the device",
        };
    }
}
