namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>What a back-end that was built for Xen does with 40-byte regions, on a machine without Xen.</summary>
public abstract class MeasuredXenRules(IBackEndUnderTest backEnd) : MeasuredRules(backEnd)
{
    private byte[] Table(uint flags, ulong offset = 0) =>
        Wire.Table(Guest.Region(TestGuest.Base, 0x1000, TestGuest.Base, offset, flags));

    [Theory]
    [InlineData(0x1)]
    [InlineData(0x2)]
    public void A_memfd_in_place_of_privcmd_or_gntdev_is_nacked(uint flags)
    {
        using WireClient client = Negotiated();
        client.RefusedWithNack(Wire.SetMemTable, Table(flags), Guest.Fd);
    }

    [Fact]
    public void A_foreign_region_with_an_offset_is_nacked()
    {
        using WireClient client = Negotiated();
        client.RefusedWithNack(Wire.SetMemTable, Table(0x1, offset: 0x1000), Guest.Fd);
    }

    [Fact]
    public void A_grant_region_without_advance_mapping_is_acknowledged_unseen()
    {
        using WireClient client = Negotiated();
        client.Acknowledged(Wire.SetMemTable, Table(0xa), Guest.Fd);
    }

    [Theory]
    [InlineData(0x3)]
    [InlineData(0x4)]
    [InlineData(0x8)]
    [InlineData(0x9)]
    [InlineData(0x100)]
    [InlineData(0x102)]
    public void Flags_that_mean_nothing_are_nacked(uint flags)
    {
        using WireClient client = Negotiated();
        client.RefusedWithNack(Wire.SetMemTable, Table(flags), Guest.Fd);
    }

    [Fact]
    public void Regions_of_32_bytes_are_nacked()
    {
        using WireClient client = Negotiated();
        client.RefusedWithNack(Wire.SetMemTable, Wire.Table(Wire.Region(TestGuest.Base, 0x1000, TestGuest.Base)), Guest.Fd);
    }

    [Fact]
    public void Without_xen_mmap_acknowledged_the_next_request_meets_the_end()
    {
        using WireClient client = Connect();
        client.Ask(Wire.GetFeatures);
        client.Ask(Wire.GetProtocolFeatures);
        client.Acknowledged(Wire.SetProtocolFeatures, Wire.U64(Wire.ReplyAck));
        client.RefusedByTheEnd(Wire.SetOwner, []);
    }

    [Fact]
    public void A_ring_in_a_region_that_is_mapped_on_demand_kills_the_back_end()
    {
        using WireClient client = Negotiated();
        using TestRing ring = new(Guest, 0, RingAt);
        byte[] table = Wire.Table(Guest.Region(TestGuest.Base, 0x1000, TestGuest.Base, flags: 0xa));
        client.Acknowledged(Wire.SetMemTable, table, Guest.Fd);
        client.RefusedByTheEnd(Wire.SetVringAddr, ring.Addresses());
        Assert.True(Process.WaitForExit());
    }
}
