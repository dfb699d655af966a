using System.Runtime.InteropServices;

namespace XenDmHost.Host.Native.Xen;

/// <summary>struct privcmd_dm_op, 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PrivcmdDmOp
{
    internal ushort Domid;

    /// <summary>The number of buffers.</summary>
    internal ushort Count;

    internal PrivcmdDmOpBuffer* Buffers;
}
