using System.Runtime.InteropServices;

namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>"A vring address description", 40 bytes. The used ring stands before the available ring.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct VringAddress
{
    internal const int Size = 40;

    internal uint Index;

    /// <summary>Bit 0 asks for a log of the writes to the used ring; the host sends 0.</summary>
    internal uint Flags;

    /// <summary>The three addresses are user addresses of the memory table.</summary>
    internal ulong Descriptor;

    internal ulong Used;
    internal ulong Available;
    internal ulong Log;
}
