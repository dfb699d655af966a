using System.Numerics;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>What a ring must look like (virtio 1.2, 2.7); the addresses come from a guest.</summary>
internal static class RingRules
{
    private const int MaxSize = 32768;

    /// <summary>Says which rule is broken, or null.</summary>
    internal static string? Violation(RingSetup ring)
    {
        if (ring.Index is < 0 or > VringDescriptorWord.MaxIndex)
        {
            return $"a ring's index is 0 to {VringDescriptorWord.MaxIndex}";
        }

        if (ring.Size is < 1 or > MaxSize || !BitOperations.IsPow2(ring.Size))
        {
            return $"the size {ring.Size} is not a power of two up to {MaxSize}";
        }

        if (ring.Base > ushort.MaxValue)
        {
            return $"the index {ring.Base} does not fit a split ring";
        }

        return Misaligned("descriptor table", ring.DescriptorTable, 16)
            ?? Misaligned("available ring", ring.AvailableRing, 2)
            ?? Misaligned("used ring", ring.UsedRing, 4);
    }

    private static string? Misaligned(string what, ulong address, ulong alignment) =>
        address % alignment == 0 ? null : $"the {what} at 0x{address:x} is not aligned to {alignment}";
}
