using System.Runtime.InteropServices;

namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>"A vring state description": an index and a number whose meaning depends on the request. 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct VringState
{
    internal const int Size = 8;

    internal uint Index;
    internal uint Number;
}
