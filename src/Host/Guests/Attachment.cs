using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Xenbus;

namespace XenDmHost.Host.Guests;

/// <summary>What <c>attach</c> and <c>detach</c> do, one line of text per device.</summary>
internal static class Attachment
{
    /// <summary>Attaches devices of a guest file to the guest that runs now.</summary>
    /// <param name="plan">The guest file.</param>
    /// <param name="platform">Where the guest runs.</param>
    /// <param name="deviceId">One device; null for all.</param>
    /// <param name="say">Told each line, and whether it is a good one.</param>
    /// <returns>Whether all were attached.</returns>
    /// <exception cref="IOException">The platform, the store or the guest is not there.</exception>
    internal static bool Attach(GuestPlan plan, IPlatform platform, int? deviceId, Action<bool, string> say)
    {
        using StoreSession session = StoreSession.Open(platform);
        GuestIdentity guest = session.Find(plan.File.Guest);
        var ram = session.RamOf(platform, guest.Domid);
        DeviceAttacher attacher = new(session.Store, session.OwnDomid);
        bool good = true;
        foreach (PlannedDevice device in plan.Devices.Where(device => deviceId is null || device.Entry.Id == deviceId))
        {
            string? problem = attacher.Attach(guest, ram, device);
            good &= problem is null;
            say(problem is null, problem is null
                ? $"device {device.Entry.Id}: attached to domain {guest.Domid} at {BaseOf(session, guest, device.Entry.Id)}"
                : $"device {device.Entry.Id} is not attached: {problem}");
        }

        return good;
    }

    /// <summary>Detaches one device of a guest: asks both ends to let go, waits for them, removes the nodes.</summary>
    /// <returns>Whether its nodes are gone.</returns>
    /// <exception cref="IOException">The store or the guest is not there.</exception>
    internal static bool Detach(StoreSession session, string guest, int deviceId, TimeSpan limit, Action<bool, string> say)
    {
        GuestIdentity identity = session.Find(guest);
        VirtioNodeAddress address = AddressOf(session, identity, deviceId);
        DetachOutcome outcome = new XenbusDetach(session.Store, address).Run(limit);
        if (outcome.Error == XenStoreError.ENOENT)
        {
            say(false, $"device {deviceId} of domain {identity.Domid} is not attached: there is no {address}; what xl made goes with the guest");
            return false;
        }

        if (outcome.Error != XenStoreError.None)
        {
            say(false, $"device {deviceId}: xenstore refuses: {outcome.Error}: run as root in the domain that serves the device");
            return false;
        }

        if (!outcome.HostAnswered) say(true, $"device {deviceId}: no host answered for it within {limit.TotalSeconds:0.#} s; it is removed nevertheless");
        if (!outcome.GuestAnswered) say(true, $"device {deviceId}: the guest's driver did not let go within {limit.TotalSeconds:0.#} s; it is removed nevertheless");
        say(true, $"device {deviceId}: detached from domain {identity.Domid}");
        return true;
    }

    private static VirtioNodeAddress AddressOf(StoreSession session, GuestIdentity guest, int deviceId) =>
        new(VirtioNodeAddress.RootOf(session.OwnDomid, VirtioNodeAddress.XenbusKind), guest.Domid, (uint)deviceId);

    private static string BaseOf(StoreSession session, GuestIdentity guest, int deviceId) =>
        session.Store.TryRead($"{AddressOf(session, guest, deviceId)}/base", out string window) ? window : "an address that is gone already";
}
