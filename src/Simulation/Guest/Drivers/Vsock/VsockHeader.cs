using System.Runtime.InteropServices;

namespace XenDmHost.Simulation.Guest.Drivers.Vsock;

/// <summary>struct virtio_vsock_hdr (virtio 1.3, 5.10.6), 44 bytes; hosts and guests of the simulation are little-endian.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct VsockHeader
{
    internal const int Size = 44;

    internal ulong SourceCid;
    internal ulong DestinationCid;
    internal uint SourcePort;
    internal uint DestinationPort;
    internal uint Length;
    internal ushort Type;
    internal VsockOp Op;
    internal uint Flags;
    internal uint BufferAllocation;
    internal uint ForwardCount;
}
