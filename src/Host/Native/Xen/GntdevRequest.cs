namespace XenDmHost.Host.Native.Xen;

/// <summary>The requests of /dev/xen/gntdev (linux: include/uapi/xen/gntdev.h); the same on x86-64 and arm64.</summary>
internal static class GntdevRequest
{
    internal const uint MapGrantRef = 0x00184700;
}
