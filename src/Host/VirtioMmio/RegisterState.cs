using System.Runtime.InteropServices;

namespace XenDmHost.Host.VirtioMmio;

/// <summary>The registers of a device, without its queues. Plain numbers, for the same reason as <see cref="QueueState"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RegisterState
{
    internal ulong DriverFeatures;
    internal uint Status;
    internal uint DeviceFeaturesSel;
    internal uint DriverFeaturesSel;
    internal uint QueueSel;
    internal uint ShmSel;
    internal uint Reserved;
}
