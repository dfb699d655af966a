using System.Runtime.InteropServices;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Hypervisor.Xen;

namespace XenDmHost.UnitTests.Hypervisor;

/// <summary>Where libxl puts the RAM of a guest (libxl_x86.c, xen/arch-arm.h).</summary>
public sealed class RamLayoutTests
{
    private const ulong Mib = 1UL << 20, Gib = 1UL << 30;

    [Fact]
    public void A_small_pvh_guest_has_one_bank_from_0() =>
        Assert.Equal([new RamRange(0, 192 * Mib)], RamLayout.Pvh.RangesFor(192 * Mib, null, null));

    [Fact]
    public void A_large_pvh_guest_goes_on_at_4_GiB() => Assert.Equal(
        [new RamRange(0, 0xFC00_0000), new RamRange(4 * Gib, (8 * Gib) - 0xFC00_0000)],
        RamLayout.Pvh.RangesFor(8 * Gib, null, null));

    [Fact]
    public void An_arm_guest_begins_at_1_GiB() =>
        Assert.Equal([new RamRange(0x4000_0000, 512 * Mib)], RamLayout.Arm.RangesFor(512 * Mib, null, null));

    [Fact]
    public void An_arm_guest_of_more_than_3_GiB_has_two_banks() => Assert.Equal(
        [new RamRange(0x4000_0000, 3 * Gib), new RamRange(0x2_0000_0000, 1 * Gib)],
        RamLayout.Arm.RangesFor(4 * Gib, null, null));

    [Fact]
    public void The_highest_frame_of_the_guest_cuts_what_lies_above() => Assert.Equal(
        [new RamRange(0, 0xFC00_0000), new RamRange(4 * Gib, 16 * Mib)],
        RamLayout.Pvh.RangesFor(8 * Gib, (4 * Gib / 4096) + (16 * Mib / 4096) - 1, null));

    [Fact]
    public void Without_a_word_about_the_size_the_highest_frame_has_to_do() => Assert.Equal(
        [new RamRange(0, 0xFC00_0000)], RamLayout.Pvh.RangesFor(null, 0xFEFFF, null));

    [Fact]
    public void With_nothing_known_there_is_nowhere_to_look() => Assert.Empty(RamLayout.Pvh.RangesFor(null, null, null));

    [Fact]
    public void Banks_of_the_guest_file_count_instead() => Assert.Equal(
        [new RamRange(0, 16 * Mib), new RamRange(64 * Mib, 16 * Mib)],
        RamLayout.Pvh.RangesFor(192 * Mib, null, [new(64 * Mib, 16 * Mib), new(0, 16 * Mib)]));

    [Fact]
    public void Special_pages_are_cut_out_of_any_bank() => Assert.Equal(
        [new RamRange(0, 0xFC00_0000), new RamRange(4 * Gib, 1 * Gib)],
        RamLayout.Pvh.RangesFor(null, null, [new(0, 5 * Gib)]));

    [Fact]
    public void The_size_is_the_larger_of_maximum_and_target()
    {
        Assert.Equal(200UL << 10, new GuestMemorySize(200, 100).Span);
        Assert.Equal(200UL << 10, new GuestMemorySize(null, 200).Span);
        Assert.Null(default(GuestMemorySize).Span);
    }

    [Fact]
    public void A_size_that_is_nonsense_does_not_wrap() =>
        Assert.True(new GuestMemorySize(ulong.MaxValue, null).Span >= 1UL << 50);

    [Fact]
    public void Each_machine_has_its_own() => Assert.Equal(
        [RamLayout.Arm, RamLayout.Pvh], [RamLayout.For(Architecture.Arm64), RamLayout.For(Architecture.X64)]);
}
