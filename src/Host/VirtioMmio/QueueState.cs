using System.Runtime.InteropServices;

namespace XenDmHost.Host.VirtioMmio;

/// <summary>The registers of one queue. Plain numbers, so that they can live in a file that outlasts the process.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct QueueState
{
    internal ulong Descriptors;
    internal ulong Driver;
    internal ulong Device;
    internal uint Size;
    internal uint Ready;
    internal uint Resetting;

    /// <summary>Where the host stopped the ring, with bit 16 set; 0 for nowhere.</summary>
    internal uint StoppedAt;
}
