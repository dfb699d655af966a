using System.Runtime.InteropServices;

namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>"Virtio device config space": 12 bytes, then the bytes themselves.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct ConfigHeader
{
    internal const int Size = 12;

    /// <summary>The most bytes of config space in one message (VHOST_USER_MAX_CONFIG_SIZE of QEMU and libvhost-user).</summary>
    internal const int MaxConfigSize = 256;

    internal uint Offset;
    internal uint ByteCount;

    /// <summary>0 for a write of the guest.</summary>
    internal uint Flags;
}
