namespace XenDmHost.IntegrationTests.StandIns.Rules;

/// <summary>The memory table.</summary>
public sealed partial class MeasuredRules
{
    [Theory]
    [EachBackEnd]
    public void A_region_with_a_memfd_is_acknowledged(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        client.Acknowledged(Wire.SetMemTable, Wire.Table(Guest.Region()), Guest.Fd);
    }

    [Theory]
    [EachBackEnd]
    public void A_region_may_begin_inside_its_file(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        byte[] table = Wire.Table(Guest.Region(TestGuest.Base, 0x1000, TestGuest.Base, offset: 0x1000));
        client.Acknowledged(Wire.SetMemTable, table, Guest.Fd);
    }

    [Theory]
    [EachBackEnd]
    public void A_region_without_a_descriptor_is_nacked(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        client.RefusedWithNack(Wire.SetMemTable, Wire.Table(Guest.Region()));
    }

    [Theory]
    [EachBackEnd]
    public void A_region_with_two_descriptors_is_nacked(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        client.RefusedWithNack(Wire.SetMemTable, Wire.Table(Guest.Region()), Guest.Fd, Guest.Fd);
    }

    [Theory]
    [EachBackEnd]
    public void A_region_of_size_0_is_nacked(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        client.RefusedWithNack(Wire.SetMemTable, Wire.Table(Guest.Region(TestGuest.Base, 0, TestGuest.Base)), Guest.Fd);
    }

    [Theory]
    [EachBackEnd(2)]
    [EachBackEnd(9)]
    [EachBackEnd(32)]
    public void Sorted_regions_are_acknowledged(string backEnd, int count)
    {
        using WireClient client = Negotiated(backEnd);
        client.Acknowledged(Wire.SetMemTable, Guest.Table(count), Guest.Fds(count));
    }

    [Theory]
    [EachBackEnd]
    public void Regions_that_are_not_sorted_are_nacked(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        byte[] table = Wire.Table(Guest.Region(0x2000, 0x1000, 0x2000), Guest.Region(0x1000, 0x1000, 0x1000));
        client.RefusedWithNack(Wire.SetMemTable, table, Guest.Fds(2));
    }

    [Theory]
    [EachBackEnd]
    public void Regions_that_overlap_are_nacked(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        byte[] table = Wire.Table(Guest.Region(0x1000, 0x2000, 0x1000), Guest.Region(0x2000, 0x1000, 0x9000));
        client.RefusedWithNack(Wire.SetMemTable, table, Guest.Fds(2));
    }

    [Theory]
    [EachBackEnd]
    public void User_ranges_that_overlap_are_not_noticed(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        byte[] table = Wire.Table(Guest.Region(0x1000, 0x1000, 0), Guest.Region(0x2000, 0x1000, 0));
        client.Acknowledged(Wire.SetMemTable, table, Guest.Fds(2));
    }

    [Theory]
    [EachBackEnd]
    public void Thirty_three_regions_end_the_connection_without_a_nack(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        client.RefusedByTheEnd(Wire.SetMemTable, Guest.Table(33), Guest.Fds(33));
    }

    [Theory]
    [EachBackEnd]
    public void A_second_table_takes_the_firsts_place(string backEnd)
    {
        using WireClient client = WithMemory(backEnd);
        client.Acknowledged(Wire.SetMemTable, Wire.Table(Guest.Region()), Guest.Fd);
    }

    [Theory]
    [EachBackEnd]
    public void Regions_are_added_and_removed_one_by_one(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        byte[] one = [.. Wire.U64(0), .. Guest.Region()];
        Assert.Equal(509UL, client.Ask(Wire.GetMaxMemSlots).Value);
        client.Acknowledged(Wire.AddMemReg, one, Guest.Fd);
        client.Acknowledged(Wire.RemMemReg, one);
    }

    [Theory]
    [EachBackEnd]
    public void A_descriptor_with_the_removal_of_a_region_ends_the_connection(string backEnd)
    {
        using WireClient client = WithMemory(backEnd);
        client.RefusedByTheEnd(Wire.RemMemReg, [.. Wire.U64(0), .. Guest.Region()], Guest.Fd);
    }
}
