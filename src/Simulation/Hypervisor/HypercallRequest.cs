using System.Runtime.InteropServices;

namespace XenDmHost.Simulation.Hypervisor;

/// <summary>One request on hypervisor.sock: 32 bytes in host byte order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HypercallRequest
{
    internal const int Size = 32;

    internal HypercallOp Op;
    internal uint DomId;
    internal ulong A;
    internal ulong B;
    internal ulong C;

    /// <summary>False when the packet does not have exactly the size of a request.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> packet, out HypercallRequest request)
    {
        request = default;
        if (packet.Length != Size)
        {
            return false;
        }

        request = MemoryMarshal.Read<HypercallRequest>(packet);
        return true;
    }
}
