using System.Buffers.Binary;
using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Memory;

/// <summary>One memory region as the front-end describes it (vhost-user.rst, "Memory region description").</summary>
internal readonly record struct MemoryRegion(
    ulong GuestAddress, ulong Size, ulong UserAddress, ulong MmapOffset, XenMmapFlags Flags = XenMmapFlags.Unix, uint DomId = 0)
{
    internal const int PlainSize = 32, XenSize = 40;

    internal ulong GuestEnd => GuestAddress + Size;

    /// <summary>Mapped page by page at each access; nothing is looked at before.</summary>
    internal bool OnDemand => Flags == (XenMmapFlags.Grant | XenMmapFlags.NoAdvanceMap);

    internal bool IsGranted => Flags.HasFlag(XenMmapFlags.Grant);

    /// <summary>Of a region of grants: bit 63 says so, and the bits above the page are the reference.</summary>
    internal uint FirstReference => (uint)((GuestAddress & ~(1UL << 63)) / XenMappings.PageSize);

    internal static MemoryRegion Read(ReadOnlySpan<byte> wire, bool xen)
    {
        MemoryRegion region = new(U64(wire, 0), U64(wire, 8), U64(wire, 16), U64(wire, 24));
        return !xen ? region : region with
        {
            Flags = (XenMmapFlags)BinaryPrimitives.ReadUInt32LittleEndian(wire[32..]),
            DomId = BinaryPrimitives.ReadUInt32LittleEndian(wire[36..]),
        };
    }

    /// <summary>Null, or why the description itself is refused, before its descriptor is looked at.</summary>
    internal string? Check()
    {
        if (Size == 0) return "a region of size 0";
        if (ulong.MaxValue - Size < Math.Max(GuestAddress, Math.Max(UserAddress, MmapOffset))) return "a region that wraps around";
        return Flags is XenMmapFlags.Unix or XenMmapFlags.Foreign or XenMmapFlags.Grant || OnDemand
            ? null
            : $"xen mmap flags 0x{(uint)Flags:x}";
    }

    private static ulong U64(ReadOnlySpan<byte> wire, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(wire[offset..]);
}
