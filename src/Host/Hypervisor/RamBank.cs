using XenDmHost.Host.Native;

namespace XenDmHost.Host.Hypervisor;

/// <summary>A contiguous range of a guest's RAM and the descriptor through which a back-end maps it.</summary>
/// <param name="GuestAddress">The guest-physical address of the first byte, page aligned.</param>
/// <param name="Size">The size in bytes, a multiple of the page size.</param>
/// <param name="Descriptor">On the simulated platform the RAM's memfd; on Xen a privcmd descriptor restricted to the guest.</param>
/// <param name="FileOffset">Where the bank begins in the descriptor's file; 0 on Xen.</param>
/// <param name="Kind">How a back-end maps it.</param>
internal sealed record RamBank(ulong GuestAddress, ulong Size, FileDescriptor Descriptor, ulong FileOffset, RamKind Kind);
