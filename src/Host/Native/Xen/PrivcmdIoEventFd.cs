using System.Runtime.InteropServices;

namespace XenDmHost.Host.Native.Xen;

/// <summary>struct privcmd_ioeventfd, 48 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PrivcmdIoEventFd
{
    internal ulong IoreqPage;
    internal ulong Ports;
    internal ulong Address;
    internal uint AddressLength;
    internal uint EventFd;
    internal uint Vcpus;
    internal uint Queue;
    internal uint Flags;
    internal ushort Domid;
    internal ushort Padding;
}
