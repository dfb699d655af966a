namespace XenDmHost.Host.Native.Xen;

/// <summary>The requests of /dev/xen/evtchn (linux: include/uapi/xen/evtchn.h); the same on x86-64 and arm64.</summary>
internal static class EvtchnRequest
{
    internal const uint BindInterdomain = 0x00084501;
    internal const uint BindUnboundPort = 0x00044502;
    internal const uint Unbind = 0x00044503;
    internal const uint Notify = 0x00044504;
    internal const uint Reset = 0x00004505;
    internal const uint RestrictDomid = 0x00024506;
}
