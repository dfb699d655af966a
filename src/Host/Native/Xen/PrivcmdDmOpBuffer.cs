using System.Runtime.InteropServices;

namespace XenDmHost.Host.Native.Xen;

/// <summary>struct privcmd_dm_op_buf, 16 bytes. The kernel pins the memory for writing, also of what it only reads.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PrivcmdDmOpBuffer
{
    internal void* Address;
    internal nuint Size;
}
