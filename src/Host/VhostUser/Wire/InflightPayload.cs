using System.Runtime.InteropServices;

namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>"Inflight description", 24 bytes on the wire: the C struct's padding at the end travels too.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct InflightPayload
{
    internal const int Size = 24;

    internal ulong MmapSize;
    internal ulong MmapOffset;
    internal ushort QueueCount;
    internal ushort QueueSize;
    internal uint Padding;
}
