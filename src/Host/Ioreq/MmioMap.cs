namespace XenDmHost.Host.Ioreq;

/// <summary>
/// Which device serves which address. Changed by whoever adds and removes devices, read without a lock by the thread
/// that answers ioreqs: each change is a new array.
/// </summary>
internal sealed class MmioMap
{
    private readonly Lock _gate = new();
    private IMmioDevice[] _devices = [];

    /// <summary>Adds a device.</summary>
    /// <returns>The device that is in the way, or null when it was added.</returns>
    internal IMmioDevice? TryAdd(IMmioDevice device)
    {
        lock (_gate)
        {
            // Last addresses and not ends: the end of the last window of all is 0.
            ulong last = device.Base + (device.Size - 1);
            IMmioDevice? other = Array.Find(_devices, other => device.Base <= other.Base + (other.Size - 1) && other.Base <= last);
            if (other is null)
            {
                Volatile.Write(ref _devices, [.. _devices, device]);
            }

            return other;
        }
    }

    internal void Remove(IMmioDevice device)
    {
        lock (_gate)
        {
            Volatile.Write(ref _devices, [.. _devices.Where(other => other != device)]);
        }
    }

    /// <summary>The device whose window contains the whole access, or null.</summary>
    internal IMmioDevice? Find(ulong address, uint width)
    {
        foreach (IMmioDevice device in Volatile.Read(ref _devices))
        {
            ulong offset = address - device.Base;
            if (address >= device.Base && offset < device.Size && width <= device.Size - offset)
            {
                return device;
            }
        }

        return null;
    }
}
