using XenDmHost.IntegrationTests.Faults;

namespace XenDmHost.IntegrationTests.Protocol;

/// <summary>
/// A look at the memory of a large guest takes long. It ends for an access that has been held for half of the time that it may be, and for a device
/// that is let go of; what was not looked at to the end is looked at again, and nothing is served of it before.
/// </summary>
[Collection(FaultGroup.Name)]
public sealed class LongLookTests
{
    private const ulong Low = 0, High = 0x10_0000, Size = 0x8_0000;

    /// <summary>For accesses that no back-end has a part in; what is left for it where it has would be little on a busy machine.</summary>
    private const int HoldMs = 1000;

    /// <summary>The first look finds what to tell the back-end, the second whether that still holds.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Before_there_is_a_device_an_access_that_waits_ends_it_and_the_back_end_is_reached_once_more(int look)
    {
        using ServedDisk disk = new(xen: false, HoldMs);
        disk.Domain.Has((Low, Size));
        disk.Domain.EndlessFrom = look;
        disk.Connect();
        disk.WaitForEndlessLook();
        disk.AssertWriteIsAnswered();
        disk.WaitForLog("waiting for the back-end", "the look at the guest's memory takes longer");
        Assert.DoesNotContain(disk.LogLines, line => line.Contains("connected to", StringComparison.Ordinal));

        disk.Domain.EndlessFrom = 0;
        disk.WaitForLog("connected to");
        disk.BringUp();
        disk.AssertServes((int)Low);
    }

    [Fact]
    public void While_rings_run_the_back_end_keeps_its_table_and_is_told_after_the_access()
    {
        using ServedDisk disk = Started();
        disk.Domain.Has((Low, Size), (High, Size));
        disk.RenewEndlessly(fromLook: 1);
        disk.WaitForEndlessLook();
        disk.AssertWriteIsAnswered();
        Assert.Equal(["SET_CONFIG", "GET_CONFIG"], disk.Until("GET_CONFIG"));

        disk.Domain.EndlessFrom = 0;
        Assert.Equal(["ADD_MEM_REG"], disk.Until("ADD_MEM_REG"));
        disk.AssertServes((int)High);
    }

    [Fact]
    public void Rings_that_run_go_on_where_only_the_second_look_ended_and_a_page_that_left_meanwhile_is_found_later()
    {
        using ServedDisk disk = Started();
        disk.Domain.Has((Low, Size), (High, Size));
        disk.RenewEndlessly(fromLook: 2);
        Assert.Equal(["ADD_MEM_REG"], disk.Until("ADD_MEM_REG"));
        disk.WaitForEndlessLook();
        disk.Domain.Has((Low, Size));
        disk.AssertWriteIsAnswered();
        Assert.Equal(["SET_CONFIG", "GET_CONFIG"], disk.Until("GET_CONFIG"));

        disk.Domain.EndlessFrom = 0;
        Assert.Equal(["REM_MEM_REG"], disk.Until("REM_MEM_REG"));
        disk.AssertServes((int)Low);
    }

    /// <summary>The second look finds what to tell the back-end with its rings standing still, the third whether that still holds.</summary>
    [Theory]
    [InlineData(2, "GET_VRING_BASE")]
    [InlineData(3, "SET_MEM_TABLE")]
    public void Rings_that_were_stopped_for_a_table_are_not_started_on_one_that_was_not_looked_at_to_the_end(int look, string last)
    {
        using ServedDisk disk = Started(HoldMs, "--protocol-features", "209");
        disk.Domain.Has((Low, Size), (High, Size));
        disk.RenewEndlessly(look);
        disk.Until(last);
        disk.WaitForEndlessLook();
        disk.AssertWriteIsAnswered();
        disk.WaitForLog("the look at the guest's memory takes longer");
        Assert.DoesNotContain(disk.LogLines, line => line.Contains("rings resumed", StringComparison.Ordinal));

        disk.Domain.EndlessFrom = 0;
        disk.WaitForLog("rings resumed");
        disk.AssertServes((int)High);
    }

    [Fact]
    public void A_device_that_is_let_go_of_ends_it_at_once()
    {
        using ServedDisk disk = Started();
        disk.RenewEndlessly(fromLook: 1);
        disk.WaitForEndlessLook();
        disk.AssertEnds();
    }

    private static ServedDisk Started(int holdMs = ServedDisk.HoldMs, params string[] options)
    {
        ServedDisk disk = new(xen: false, holdMs, options);
        disk.Domain.Has((Low, Size));
        disk.Start();
        disk.AssertServes((int)Low);
        return disk;
    }
}
