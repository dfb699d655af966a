using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Native;

namespace XenDmHost.Host.GuestMemory;

/// <summary>Looks at guest memory for a moment; the host keeps none of it mapped.</summary>
internal static class GuestPages
{
    private const int PageSize = 4096;

    /// <summary>
    /// The index that a device wrote into a split virtqueue's used ring (virtio 1.3, 2.7.8: le16 at offset 2): where a
    /// ring goes on after its back-end died.
    /// </summary>
    /// <param name="domain">The guest.</param>
    /// <param name="usedRing">The guest-physical address of the used ring.</param>
    /// <param name="index">The index.</param>
    /// <returns>False when there is no page of RAM.</returns>
    internal static bool TryReadUsedIndex(IDomain domain, ulong usedRing, out ushort index)
    {
        index = 0;
        int inPage = (int)(usedRing % PageSize);
        if (inPage > PageSize - 4)
        {
            // Not aligned to 4 as a ring is; aligned, its first four bytes never cross a page.
            return false;
        }

        using Mapping? page = domain.TryMapPage(usedRing);
        if (page is null)
        {
            return false;
        }

        index = Volatile.Read(ref page.At<ushort>(inPage + 2));
        return true;
    }
}
