namespace XenDmHost.Host.Native.Xen;

/// <summary>The requests of /dev/xen/privcmd (linux: include/uapi/xen/privcmd.h); the same on x86-64 and arm64.</summary>
internal static class PrivcmdRequest
{
    internal const uint Hypercall = 0x00305000;
    internal const uint MmapBatchV2 = 0x00205004;
    internal const uint DmOp = 0x00105005;
    internal const uint Restrict = 0x00025006;
    internal const uint MmapResource = 0x00205007;

    /// <summary>From Linux 6.7 on.</summary>
    internal const uint IrqFd = 0x40185008;

    /// <summary>The code that Linux 6.6 has for the same request.</summary>
    internal const uint IrqFdOfLinux66 = 0x00185008;

    internal const uint IoEventFd = 0x40305009;
}
