using System.Runtime.InteropServices;

namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>The payload of SET_VRING_KICK, _CALL and _ERR, 8 bytes: the ring in bits 0 to 7, bit 8 set when no descriptor comes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct VringDescriptorWord
{
    internal const int Size = 8;
    internal const int MaxIndex = 255;
    internal const ulong NoDescriptor = 0x100;

    internal ulong Word;
}
