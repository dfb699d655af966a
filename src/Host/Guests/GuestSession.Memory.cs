using XenDmHost.Host.GuestMemory;

namespace XenDmHost.Host.Guests;

/// <content>The guest's memory: what of it is for rings, and that it comes and goes.</content>
internal sealed partial class GuestSession
{
    /// <summary>The guest shall have more memory, or less: its pages come and go from now on, for a while.</summary>
    /// <param name="whole">Whether it shall have all that it can have.</param>
    internal void MemoryTargetChanged(bool whole)
    {
        if (whole)
        {
            lock (_gate)
            {
                foreach ((_, DeviceController controller) in _devices.Values)
                {
                    controller.GuestIsToBeWhole();
                }
            }
        }

        _memory.Expect();
    }

    private void RenewMemory()
    {
        lock (_gate)
        {
            foreach ((_, DeviceController controller) in _devices.Values)
            {
                controller.RenewMemory();
            }
        }
    }

    /// <summary>What a driver that is to use grants may give for a ring: those, or RAM, which is refused with words later.</summary>
    private bool IsGuestMemory(ulong address, ulong length) => GrantTable.IsGrant(address)
        ? address < GrantTable.End && length <= GrantTable.End - address
        : _ram.Contains(address, length);
}
