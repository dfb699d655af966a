namespace XenDmHost.Simulation.Hypervisor;

/// <summary>What a vCPU wants done: the request half of struct ioreq.</summary>
/// <param name="Type">Kind of access.</param>
/// <param name="Address">Guest-physical address, port or encoded PCI address.</param>
/// <param name="Data">Value to write, or a guest-physical address when <see cref="DataIsPointer"/>.</param>
/// <param name="Size">Bytes of one item: 1, 2, 4 or 8.</param>
/// <param name="IsRead">Direction: true from the device.</param>
internal readonly record struct IoreqRequest(IoreqType Type, ulong Address, ulong Data, uint Size, bool IsRead)
{
    internal uint Count { get; init; } = 1;

    internal bool DataIsPointer { get; init; }

    /// <summary>The items' addresses descend (x86 direction flag).</summary>
    internal bool Descending { get; init; }

    internal static IoreqRequest Read(ulong address, uint size) => new(IoreqType.Copy, address, 0, size, IsRead: true);

    internal static IoreqRequest Write(ulong address, uint size, ulong data) => new(IoreqType.Copy, address, data, size, IsRead: false);

    /// <summary>Xen's broadcast after a guest gave pages back: no address, a write of all ones.</summary>
    internal static IoreqRequest Invalidate { get; } = new(IoreqType.Invalidate, 0, ulong.MaxValue, 4, IsRead: false);

    /// <summary>Lowest address that any of the items touches; wraps like the hardware's addresses.</summary>
    internal ulong FirstByte => Descending ? Address - ((ulong)Size * (Count - 1UL)) : Address;

    /// <summary>Bytes from <see cref="FirstByte"/> on.</summary>
    internal ulong Extent => Math.Max(1, (ulong)Size * Count);

    /// <summary>Byte 30 of the slot without the state: data_is_ptr in bit 4, dir in bit 5, df in bit 6.</summary>
    internal byte Flags => (byte)((DataIsPointer ? 0x10 : 0) | (IsRead ? 0x20 : 0) | (Descending ? 0x40 : 0));
}
