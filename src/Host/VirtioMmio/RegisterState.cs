using System.Runtime.InteropServices;

namespace XenDmHost.Host.VirtioMmio;

/// <summary>
/// The registers of a device, without its queues. Plain numbers, so that they can live in a file that outlasts the process.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RegisterState
{
    internal ulong DriverFeatures;
    internal uint Status;
    internal uint DeviceFeaturesSel;
    internal uint DriverFeaturesSel;
    internal uint QueueSel;
    internal uint ShmSel;

    /// <summary>The register InterruptStatus; changed by several threads, atomically.</summary>
    internal int InterruptStatus;

    /// <summary>1: Status shows DEVICE_NEEDS_RESET; changed by several threads, atomically.</summary>
    internal int NeedsReset;

    internal uint Reserved;
}
