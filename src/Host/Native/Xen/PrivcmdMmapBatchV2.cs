using System.Runtime.InteropServices;

namespace XenDmHost.Host.Native.Xen;

/// <summary>struct privcmd_mmapbatch_v2, 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PrivcmdMmapBatchV2
{
    /// <summary>The number of frames of 4 KiB.</summary>
    internal uint Count;

    internal ushort Domid;

    /// <summary>Where the mapping of this descriptor begins.</summary>
    internal ulong Address;

    /// <summary>The guest's frame numbers.</summary>
    internal ulong* Frames;

    /// <summary>Out: 0 or a negative errno, per frame. The call's own result does not tell of them.</summary>
    internal int* Errors;
}
