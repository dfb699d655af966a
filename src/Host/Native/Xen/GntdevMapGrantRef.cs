using System.Runtime.InteropServices;

namespace XenDmHost.Host.Native.Xen;

/// <summary>struct ioctl_gntdev_map_grant_ref with one reference, 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GntdevMapGrantRef
{
    internal uint Count;
    internal uint Padding;

    /// <summary>Out: the offset for mmap.</summary>
    internal ulong Index;

    internal uint Domid;
    internal uint Reference;
}
