using XenDmHost.IntegrationTests.Faults;

namespace XenDmHost.IntegrationTests.Protocol;

/// <summary>
/// RAM comes and goes under a device that runs. A back-end with CONFIGURE_MEM_SLOTS is told what differs alone; rings run on
/// unless they, or memory that the guest keeps, are not mapped for a moment.
/// </summary>
[Collection(FaultGroup.Name)]
public sealed class MemoryRenewalTests
{
    private const ulong Low = 0, High = 0x10_0000, Size = 0x8_0000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_region_that_comes_is_added_under_running_rings(bool xen)
    {
        using ServedDisk disk = Started(xen, (Low, Size));
        disk.Domain.Has((Low, Size), (High, Size));
        Assert.Equal(["ADD_MEM_REG"], disk.Renew("ADD_MEM_REG"));
        disk.AssertServes((int)High);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_region_that_goes_is_removed_under_running_rings(bool xen)
    {
        using ServedDisk disk = Started(xen, (Low, Size), (High, Size));
        disk.Domain.Has((Low, Size));
        Assert.Equal(["REM_MEM_REG"], disk.Renew("REM_MEM_REG"));
        disk.AssertServes((int)Low);
    }

    /// <summary>A buffer may lie in the part that stays, which is not mapped between the two requests.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void For_a_region_that_shrinks_the_rings_stand_still_and_the_others_stay_mapped(bool xen)
    {
        using ServedDisk disk = Started(xen, (Low, Size), (High, Size));
        disk.Domain.Has((Low, Size), (High, Size / 2));
        Assert.Equal(
            [
                "SET_VRING_ENABLE", "GET_VRING_BASE", "REM_MEM_REG", "ADD_MEM_REG", "SET_FEATURES", "SET_VRING_NUM", "SET_VRING_BASE",
                "SET_VRING_ERR", "SET_VRING_CALL", "SET_VRING_ADDR", "SET_VRING_KICK", "SET_VRING_ENABLE",
            ],
            disk.Renew("SET_VRING_ENABLE"));
        disk.AssertServes((int)High);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_slots_the_whole_table_is_sent_again_with_the_rings_standing_still(bool xen)
    {
        using ServedDisk disk = Started(xen, ["--protocol-features", "209"], (Low, Size));
        disk.Domain.Has((Low, Size), (High, Size));
        List<string> requests = disk.Renew("SET_MEM_TABLE");
        Assert.Equal(["SET_VRING_ENABLE", "GET_VRING_BASE", "SET_MEM_TABLE"], requests[..3]);
        disk.AssertServes((int)High);
    }

    /// <summary>More pieces than a table has regions: what is mapped stays mapped, so the pages that left stay the guest's.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void In_too_many_pieces_the_old_table_stays_until_the_guest_is_to_be_whole_and_then_waits_for_it(bool xen)
    {
        using ServedDisk disk = Started(xen, (Low, Size));
        disk.Domain.Has([.. Enumerable.Range(0, 40).Select(piece => ((ulong)piece * 0x3000, 0x2000UL))]);
        disk.AssertKeepsItsTable();
        disk.AssertServes((int)Low);

        Assert.Equal(["SET_VRING_ENABLE", "GET_VRING_BASE", "SET_MEM_TABLE"], disk.MakeWhole("SET_MEM_TABLE"));
        disk.WaitForLog("waiting for the back-end", "the guest's RAM is in 40 pieces");
        disk.Domain.Has((Low, Size));
        disk.WaitForLog("rings resumed");
        disk.AssertServes((int)Low);
    }

    private static ServedDisk Started(bool xen, params (ulong Offset, ulong Size)[] ranges) => Started(xen, [], ranges);

    private static ServedDisk Started(bool xen, string[] options, params (ulong Offset, ulong Size)[] ranges)
    {
        ServedDisk disk = new(xen, options);
        disk.Domain.Has(ranges);
        disk.Start();
        disk.AssertServes((int)ranges[0].Offset);
        return disk;
    }
}
