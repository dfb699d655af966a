using System.Runtime.InteropServices;

namespace XenDmHost.Simulation.Hypervisor;

/// <summary>One answer on hypervisor.sock: 32 bytes in host byte order; <see cref="Result"/> is 0 or a negative errno.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HypercallAnswer
{
    internal const int Size = 32;

    internal int Result;
    internal uint Reserved;
    internal ulong V0;
    internal ulong V1;
    internal ulong V2;

    internal static HypercallAnswer Ok(ulong v0 = 0, ulong v1 = 0, ulong v2 = 0) => new() { V0 = v0, V1 = v1, V2 = v2 };

    internal static HypercallAnswer Failed(int errno) => new() { Result = -errno };

    internal readonly void Write(Span<byte> packet) => MemoryMarshal.Write(packet, in this);
}
