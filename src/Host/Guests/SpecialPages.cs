namespace XenDmHost.Host.Guests;

/// <summary>Where an x86 guest of Xen has pages of the platform (tools/libs/guest/xg_dom_x86.c, xen/arch-x86/hvm/start_info.h).</summary>
internal static class SpecialPages
{
    /// <summary>Where windows are placed: behind the ACPI tables, below the I/O APIC. A PVH guest has nothing there.</summary>
    internal const ulong FirstWindow = 0xfd000000, LastWindow = 0xfebfffff;

    private static readonly (ulong First, ulong Last)[] s_taken =
    [
        (0xfc000000, 0xfc00ffff), // ACPI tables
        (0xfec00000, 0xffffffff), // I/O APIC, HPET, local APIC, xenstore and console rings, firmware
    ];

    internal static bool Overlap(ulong start, ulong size) =>
        Array.Exists(s_taken, range => start <= range.Last && range.First <= start + (size - 1));
}
