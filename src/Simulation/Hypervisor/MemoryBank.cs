namespace XenDmHost.Simulation.Hypervisor;

/// <summary>A run of guest RAM: where the guest sees it and where it lies in the RAM's memfd, in bytes.</summary>
internal readonly record struct MemoryBank(ulong GuestAddress, ulong Size, ulong FileOffset)
{
    internal const ulong PageSize = 4096;

    /// <summary>Banks of an Arm guest (xen/arch-arm.h, GUEST_RAM0_BASE and GUEST_RAM1_BASE).</summary>
    private static readonly ulong[] Bases = [0x4000_0000, 0x2_0000_0000];

    /// <summary>Splits <paramref name="size"/> bytes evenly over one or two banks.</summary>
    internal static MemoryBank[] Split(ulong size, int banks)
    {
        var each = size / (ulong)banks;
        return [.. Enumerable.Range(0, banks).Select(i => new MemoryBank(Bases[i], each, (ulong)i * each))];
    }
}
