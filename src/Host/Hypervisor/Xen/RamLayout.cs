using System.Runtime.InteropServices;

namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>Where a guest has RAM, as Xen's toolstack lays it out; RAM fills one bank after the other.</summary>
/// <param name="Banks">Each bank with the most it can hold.</param>
/// <param name="Special">Pages that are the guest's and no RAM: ACPI, console, xenstore.</param>
internal sealed record RamLayout(IReadOnlyList<RamRange> Banks, IReadOnlyList<RamRange> Special)
{
    private const ulong Gib = 1UL << 30;
    private const ulong PageSize = 4096;

    /// <summary>
    /// A PVH guest: up to the hole below 4 GiB, then from 4 GiB on (libxl_x86.c, xen/arch-x86/hvm/start_info.h). The hole
    /// begins with the ACPI pages and ends with the special ones.
    /// </summary>
    internal static RamLayout Pvh { get; } = new(
        [new(0, 0xFC00_0000), new(4 * Gib, 1UL << 46)],
        [new(0xFC00_0000, (4 * Gib) - 0xFC00_0000)]);

    /// <summary>GUEST_RAM0 and GUEST_RAM1; the grant table and the magic pages lie below them (xen/arch-arm.h).</summary>
    internal static RamLayout Arm { get; } = new(
        [new(0x4000_0000, 3 * Gib), new(0x2_0000_0000, 1016 * Gib)],
        [new(0x3800_0000, 0x0200_0000)]);

    internal static RamLayout For(Architecture machine) => machine == Architecture.Arm64 ? Arm : Pvh;

    /// <summary>The ranges that may be RAM in a guest.</summary>
    /// <param name="span">How much RAM the guest may have, in bytes; null when nobody says.</param>
    /// <param name="maximumFrame">The highest frame that the guest ever used; null when that cannot be asked.</param>
    /// <param name="given">The operator's banks, which count instead; null for none.</param>
    internal IReadOnlyList<RamRange> RangesFor(ulong? span, ulong? maximumFrame, IReadOnlyList<RamRange>? given)
    {
        IEnumerable<RamRange> ranges = given is null ? Fill(span ?? ulong.MaxValue) : given.OrderBy(bank => bank.Address);
        ulong end = maximumFrame is { } frame ? Math.Min(frame, (ulong.MaxValue >> 12) - 1) + 1 << 12 : ulong.MaxValue;
        if (span is null && maximumFrame is null && given is null)
        {
            // Nothing is known: to look through all that there could be would take hours.
            return [];
        }

        foreach (RamRange special in Special)
        {
            ranges = ranges.SelectMany(range => Without(range, special));
        }

        return [.. ranges.Select(range => CutAt(range, end)).Where(range => range.Size > 0)];
    }

    private IEnumerable<RamRange> Fill(ulong span)
    {
        ulong left = span & ~(PageSize - 1);
        foreach (RamRange bank in Banks)
        {
            ulong size = Math.Min(left, bank.Size);
            left -= size;
            yield return bank with { Size = size };
        }
    }

    private static IEnumerable<RamRange> Without(RamRange range, RamRange hole)
    {
        ulong end = range.Address + range.Size, holeEnd = hole.Address + hole.Size;
        if (end <= hole.Address || range.Address >= holeEnd)
        {
            yield return range;
            yield break;
        }

        if (range.Address < hole.Address)
        {
            yield return new RamRange(range.Address, hole.Address - range.Address);
        }

        if (end > holeEnd)
        {
            yield return new RamRange(holeEnd, end - holeEnd);
        }
    }

    private static RamRange CutAt(RamRange range, ulong end) =>
        end <= range.Address ? range with { Size = 0 } : range with { Size = Math.Min(range.Size, end - range.Address) };
}
