namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>The memory table.</summary>
public abstract partial class MeasuredRules
{
    [Fact]
    public void A_region_with_a_memfd_is_acknowledged()
    {
        using WireClient client = Negotiated();
        client.Acknowledged(Wire.SetMemTable, Wire.Table(Guest.Region()), Guest.Fd);
    }

    [Fact]
    public void A_region_may_begin_inside_its_file()
    {
        using WireClient client = Negotiated();
        byte[] table = Wire.Table(Guest.Region(TestGuest.Base, 0x1000, TestGuest.Base, offset: 0x1000));
        client.Acknowledged(Wire.SetMemTable, table, Guest.Fd);
    }

    [Fact]
    public void A_region_without_a_descriptor_is_nacked()
    {
        using WireClient client = Negotiated();
        client.RefusedWithNack(Wire.SetMemTable, Wire.Table(Guest.Region()));
    }

    [Fact]
    public void A_region_with_two_descriptors_is_nacked()
    {
        using WireClient client = Negotiated();
        client.RefusedWithNack(Wire.SetMemTable, Wire.Table(Guest.Region()), Guest.Fd, Guest.Fd);
    }

    [Fact]
    public void A_region_of_size_0_is_nacked()
    {
        using WireClient client = Negotiated();
        client.RefusedWithNack(Wire.SetMemTable, Wire.Table(Guest.Region(TestGuest.Base, 0, TestGuest.Base)), Guest.Fd);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(32)]
    public void Sorted_regions_are_acknowledged(int count)
    {
        using WireClient client = Negotiated();
        client.Acknowledged(Wire.SetMemTable, Guest.Table(count), Guest.Fds(count));
    }

    [Fact]
    public void Regions_that_are_not_sorted_are_nacked()
    {
        using WireClient client = Negotiated();
        byte[] table = Wire.Table(Guest.Region(0x2000, 0x1000, 0x2000), Guest.Region(0x1000, 0x1000, 0x1000));
        client.RefusedWithNack(Wire.SetMemTable, table, Guest.Fds(2));
    }

    [Fact]
    public void Regions_that_overlap_are_nacked()
    {
        using WireClient client = Negotiated();
        byte[] table = Wire.Table(Guest.Region(0x1000, 0x2000, 0x1000), Guest.Region(0x2000, 0x1000, 0x9000));
        client.RefusedWithNack(Wire.SetMemTable, table, Guest.Fds(2));
    }

    [Fact]
    public void User_ranges_that_overlap_are_not_noticed()
    {
        using WireClient client = Negotiated();
        byte[] table = Wire.Table(Guest.Region(0x1000, 0x1000, 0), Guest.Region(0x2000, 0x1000, 0));
        client.Acknowledged(Wire.SetMemTable, table, Guest.Fds(2));
    }

    [Fact]
    public void Thirty_three_regions_end_the_connection_without_a_nack()
    {
        using WireClient client = Negotiated();
        client.RefusedByTheEnd(Wire.SetMemTable, Guest.Table(33), Guest.Fds(33));
    }

    [Fact]
    public void A_second_table_takes_the_firsts_place()
    {
        using WireClient client = WithMemory();
        client.Acknowledged(Wire.SetMemTable, Wire.Table(Guest.Region()), Guest.Fd);
    }

    [Fact]
    public void Regions_are_added_and_removed_one_by_one()
    {
        using WireClient client = Negotiated();
        byte[] one = [.. Wire.U64(0), .. Guest.Region()];
        Assert.Equal(509UL, client.Ask(Wire.GetMaxMemSlots).Value);
        client.Acknowledged(Wire.AddMemReg, one, Guest.Fd);
        client.Acknowledged(Wire.RemMemReg, one);
    }

    [Fact]
    public void A_descriptor_with_the_removal_of_a_region_ends_the_connection()
    {
        using WireClient client = WithMemory();
        client.RefusedByTheEnd(Wire.RemMemReg, [.. Wire.U64(0), .. Guest.Region()], Guest.Fd);
    }
}
