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
    /// <param name="banks">The guest's RAM.</param>
    /// <param name="usedRing">The guest-physical address of the used ring.</param>
    /// <param name="index">The index.</param>
    /// <returns>False when the address is not in a bank that can be mapped as a file.</returns>
    internal static bool TryReadUsedIndex(IReadOnlyList<RamBank> banks, ulong usedRing, out ushort index)
    {
        index = 0;
        RamBank? bank = banks.FirstOrDefault(bank => usedRing >= bank.GuestAddress && usedRing - bank.GuestAddress <= bank.Size - 4);
        if (bank is not { Kind: RamKind.SharedFile })
        {
            return false;
        }

        ulong offset = bank.FileOffset + (usedRing - bank.GuestAddress);
        int inPage = (int)(offset % PageSize);

        // The ring is aligned to 4, so its first four bytes never cross a page.
        using Mapping page = Mapping.Shared(bank.Descriptor, (long)(offset - (ulong)inPage), PageSize, writable: false, "used ring");
        index = Volatile.Read(ref page.At<ushort>(inPage + 2));
        return true;
    }
}
