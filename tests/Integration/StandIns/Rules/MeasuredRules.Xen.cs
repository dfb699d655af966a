namespace XenDmHost.IntegrationTests.StandIns.Rules;

/// <summary>What a back-end that was built for Xen does with 40-byte regions, on a machine without Xen.</summary>
public sealed partial class MeasuredRules
{
    private byte[] Table(uint flags, ulong offset = 0) =>
        Wire.Table(Guest.Region(TestGuest.Base, 0x1000, TestGuest.Base, offset, flags));

    [Theory]
    [EachBackEnd(0x1, OnlyXen = true)]
    [EachBackEnd(0x2, OnlyXen = true)]
    public void A_memfd_in_place_of_privcmd_or_gntdev_is_nacked(string backEnd, uint flags)
    {
        using WireClient client = Negotiated(backEnd);
        client.RefusedWithNack(Wire.SetMemTable, Table(flags), Guest.Fd);
    }

    [Theory]
    [EachBackEnd(0x1, OnlyXen = true)]
    [EachBackEnd(0x2, OnlyXen = true)]
    [EachBackEnd(0xa, OnlyXen = true)]
    public void A_region_of_xen_memory_with_an_offset_is_nacked(string backEnd, uint flags)
    {
        using WireClient client = Negotiated(backEnd);
        client.RefusedWithNack(Wire.SetMemTable, Table(flags, offset: 0x1000), Guest.Fd);
    }

    [Theory]
    [EachBackEnd(OnlyXen = true)]
    public void A_grant_region_without_advance_mapping_is_acknowledged_unseen(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        client.Acknowledged(Wire.SetMemTable, Table(0xa), Guest.Fd);
    }

    [Theory]
    [EachBackEnd(0x3, OnlyXen = true)]
    [EachBackEnd(0x4, OnlyXen = true)]
    [EachBackEnd(0x8, OnlyXen = true)]
    [EachBackEnd(0x9, OnlyXen = true)]
    [EachBackEnd(0x100, OnlyXen = true)]
    [EachBackEnd(0x102, OnlyXen = true)]
    public void Flags_that_mean_nothing_are_nacked(string backEnd, uint flags)
    {
        using WireClient client = Negotiated(backEnd);
        client.RefusedWithNack(Wire.SetMemTable, Table(flags), Guest.Fd);
    }

    [Theory]
    [EachBackEnd(OnlyXen = true)]
    public void Regions_of_32_bytes_are_nacked(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        client.RefusedWithNack(Wire.SetMemTable, Wire.Table(Wire.Region(TestGuest.Base, 0x1000, TestGuest.Base)), Guest.Fd);
    }

    [Theory]
    [EachBackEnd(OnlyXen = true)]
    public void Without_xen_mmap_acknowledged_the_next_request_meets_the_end(string backEnd)
    {
        using WireClient client = Connect(backEnd);
        client.Ask(Wire.GetFeatures);
        client.Ask(Wire.GetProtocolFeatures);
        client.Acknowledged(Wire.SetProtocolFeatures, Wire.U64(Wire.ReplyAck));
        client.RefusedByTheEnd(Wire.SetOwner, []);
    }

    [Theory]
    [EachBackEnd(OnlyXen = true)]
    public void A_ring_in_a_region_that_is_mapped_on_demand_kills_the_back_end(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        using TestRing ring = NewRing();
        byte[] table = Wire.Table(Guest.Region(TestGuest.Base, 0x1000, TestGuest.Base, flags: 0xa));
        client.Acknowledged(Wire.SetMemTable, table, Guest.Fd);
        client.RefusedByTheEnd(Wire.SetVringAddr, ring.Addresses());
        Assert.True(Process.WaitForExit());
    }

    /// <summary>A size larger than the file was measured of a vm-memory from 0.17 on; older ones look.</summary>
    [Theory]
    [EachBackEnd]
    public void A_region_longer_than_its_file_is_nacked_by_an_older_vm_memory_and_not_noticed_by_a_newer(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        byte[] table = Wire.Table(Guest.Region(TestGuest.Base, 2 * TestGuest.Size, TestGuest.Base));
        if (BackEnd.NoticesLongRegions) client.RefusedWithNack(Wire.SetMemTable, table, Guest.Fd);
        else client.Acknowledged(Wire.SetMemTable, table, Guest.Fd);
    }

    [Theory]
    [EachBackEnd(OnlyPlain = true)]
    public void Regions_of_40_bytes_are_nacked(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        byte[] region = [.. Guest.Region(), .. Wire.State(0, 5)];
        client.RefusedWithNack(Wire.SetMemTable, Wire.Table(region), Guest.Fd);
    }
}
