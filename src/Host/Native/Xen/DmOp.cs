using System.Runtime.InteropServices;

namespace XenDmHost.Host.Native.Xen;

/// <summary>
/// struct xen_dm_op with those members of its union that the host uses; 32 bytes. Where a name stands for several
/// operations, they have the field at the same place.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct DmOp
{
    [FieldOffset(0)]
    internal DmOpCode Code;

    /// <summary>create_ioreq_server, out: the server's id.</summary>
    [FieldOffset(12)]
    internal ushort CreatedId;

    /// <summary>get_ioreq_server_info, (un)map_io_range, set_ioreq_server_state, destroy_ioreq_server.</summary>
    [FieldOffset(8)]
    internal ushort ServerId;

    /// <summary>get_ioreq_server_info: bit 0, no_gfns, is the only form that Arm has.</summary>
    [FieldOffset(10)]
    internal ushort InfoFlags;

    /// <summary>set_ioreq_server_state.</summary>
    [FieldOffset(10)]
    internal byte Enabled;

    /// <summary>(un)map_io_range: 1 for memory.</summary>
    [FieldOffset(12)]
    internal uint RangeType;

    [FieldOffset(16)]
    internal ulong RangeStart;

    /// <summary>The last address that belongs to the range.</summary>
    [FieldOffset(24)]
    internal ulong RangeEnd;

    /// <summary>set_irq_level: the GIC's INTID, 32 or more.</summary>
    [FieldOffset(8)]
    internal uint Irq;

    [FieldOffset(12)]
    internal byte Level;

    /// <summary>nr_vcpus, out.</summary>
    [FieldOffset(8)]
    internal uint Vcpus;

    internal const ushort NoGfns = 1;

    internal const uint MemoryRange = 1;
}
