using System.Runtime.InteropServices;

namespace XenDmHost.Host.Native.Xen;

/// <summary>struct privcmd_hypercall, 48 bytes: a number and five arguments.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PrivcmdHypercall
{
    internal ulong Op;
    internal ulong Argument0;
    internal ulong Argument1;
    internal ulong Argument2;
    internal ulong Argument3;
    internal ulong Argument4;
}
