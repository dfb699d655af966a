using System.Runtime.InteropServices;

namespace XenDmHost.Host.Native.Xen;

/// <summary>struct privcmd_irqfd, 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PrivcmdIrqFd
{
    internal ulong DmOp;
    internal uint Size;
    internal uint Fd;
    internal uint Flags;
    internal ushort Domid;
    internal ushort Padding;
}
