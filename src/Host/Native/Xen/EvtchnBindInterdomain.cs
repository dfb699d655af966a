using System.Runtime.InteropServices;

namespace XenDmHost.Host.Native.Xen;

/// <summary>struct ioctl_evtchn_bind_interdomain, 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EvtchnBindInterdomain
{
    internal uint RemoteDomain;
    internal uint RemotePort;
}
