using System.Runtime.InteropServices;

namespace XenDmHost.Host.Ioreq;

/// <summary>One vCPU's request as it stands in the ioreq page (struct ioreq, xen/hvm/ioreq.h): 32 bytes, little-endian.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoreqSlot
{
    internal const int Size = 32;
    internal const int FlagsOffset = 30;

    /// <summary>The guest-physical address, for the type COPY.</summary>
    internal ulong Address;

    /// <summary>The value, or a guest-physical address when <see cref="DataIsPointer"/>.</summary>
    internal ulong Data;

    /// <summary>Repetitions, 1 or more.</summary>
    internal uint Count;

    /// <summary>Bytes per repetition: 1, 2, 4 or 8.</summary>
    internal uint ItemSize;

    /// <summary>The guest's port that is notified when the answer is there.</summary>
    internal uint VpEport;

    internal ushort Padding;

    /// <summary>Bits 0-3 the state, 4 data_is_ptr, 5 dir (1 reads), 6 df.</summary>
    internal byte Flags;

    internal IoreqType Type;

    internal readonly bool DataIsPointer => (Flags & 0x10) != 0;

    internal readonly bool IsRead => (Flags & 0x20) != 0;
}
