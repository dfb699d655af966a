using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Memory;

/// <summary>The kernel's /dev/xen/gntdev, or what somebody sent for one: then the first call says so.</summary>
internal sealed class KernelGrants(FileDescriptor device) : IGrantDevice
{
    public int TryMap(uint domid, uint first, ulong size, bool writable, out GrantMapping? mapping)
    {
        int error = XenMappings.TryMapGrants(device, domid, first, size, writable, out Mapping? pages, out ulong index);
        mapping = pages is null ? null : new GrantMapping(pages, () => XenMappings.ForgetGrants(device, index, size));
        return error;
    }

    public void Dispose() => device.Dispose();
}
