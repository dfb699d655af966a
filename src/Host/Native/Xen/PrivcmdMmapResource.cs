using System.Runtime.InteropServices;

namespace XenDmHost.Host.Native.Xen;

/// <summary>struct privcmd_mmap_resource, 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PrivcmdMmapResource
{
    internal ushort Domid;
    internal uint Type;
    internal uint Id;

    /// <summary>The first frame of the resource.</summary>
    internal uint Index;

    /// <summary>The number of frames.</summary>
    internal ulong Count;

    internal ulong Address;
}
