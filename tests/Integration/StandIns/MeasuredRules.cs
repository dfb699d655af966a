namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>
/// What a back-end on rust-vmm's crates was seen to do with requests, right and wrong, whatever it was built for. The
/// daemon comes from the derived class, so that a real one can be held to the same rows.
/// </summary>
public abstract class MeasuredRules(IBackEndUnderTest backEnd) : IDisposable
{
    private protected const ulong RingAt = TestGuest.Base;

    private protected BackEndProcess Process { get; } = backEnd.Start();

    private protected TestGuest Guest { get; } = new(backEnd.Xen);

    private protected bool Xen => backEnd.Xen;

    public void Dispose()
    {
        Process.Dispose();
        Guest.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected WireClient Connect() => new(Process.Socket);

    private protected WireClient Negotiated() => Connect().Negotiate(Xen);

    private protected WireClient WithMemory()
    {
        WireClient client = Negotiated();
        client.Acknowledged(Wire.SetMemTable, Wire.Table(Guest.Region()), Guest.Fd);
        return client;
    }

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

    [Theory]
    [InlineData(0, 64)]
    [InlineData(1, 64)]
    [InlineData(0, 3)]
    public void Set_vring_num_up_to_the_maximum_is_acknowledged_even_if_no_power_of_two(uint index, uint size)
    {
        using WireClient client = Negotiated();
        client.Acknowledged(Wire.SetVringNum, Wire.State(index, size));
    }

    [Theory]
    [InlineData(0, 128)]
    [InlineData(0, 0)]
    [InlineData(2, 64)]
    public void Set_vring_num_above_the_maximum_of_0_or_for_no_queue_is_nacked(uint index, uint size)
    {
        using WireClient client = Negotiated();
        client.RefusedWithNack(Wire.SetVringNum, Wire.State(index, size));
    }

    [Fact]
    public void Set_vring_addr_before_any_memory_is_nacked()
    {
        using WireClient client = Negotiated();
        using TestRing ring = new(Guest, 0, RingAt);
        client.RefusedWithNack(Wire.SetVringAddr, ring.Addresses());
    }

    [Fact]
    public void A_ring_given_by_guest_addresses_serves_where_user_and_guest_addresses_are_the_same()
    {
        using WireClient client = WithMemory();
        using TestRing ring = new(Guest, 0, RingAt);
        ring.BringUp(client);
        AssertServes(ring);
        Assert.Equal(Wire.State(0, 1), client.Ask(Wire.GetVringBase, Wire.State(0, 0)).Payload);
    }

    [Fact]
    public void A_ring_given_by_arbitrary_user_addresses_serves_too()
    {
        const ulong User = 0x7f00_0000_0000;
        using WireClient client = Negotiated();
        using TestRing ring = new(Guest, 0, RingAt);
        client.Acknowledged(Wire.SetMemTable, Wire.Table(Guest.Region(User)), Guest.Fd);
        ring.BringUp(client, shift: User - TestGuest.Base);
        AssertServes(ring);
    }

    [Fact]
    public void A_ring_address_in_no_user_range_is_nacked()
    {
        using WireClient client = Negotiated();
        using TestRing ring = new(Guest, 0, RingAt);
        client.Acknowledged(Wire.SetMemTable, Wire.Table(Guest.Region(user: 0)), Guest.Fd);
        client.RefusedWithNack(Wire.SetVringAddr, ring.Addresses());
    }

    [Fact]
    public void Without_bit_30_the_ring_runs_at_once_and_set_vring_enable_ends_the_connection()
    {
        using WireClient client = Connect().Negotiate(Xen, Wire.Version1);
        using TestRing ring = new(Guest, 0, RingAt);
        client.Acknowledged(Wire.SetMemTable, Wire.Table(Guest.Region()), Guest.Fd);
        ring.BringUp(client, enable: false);
        AssertServes(ring);
        client.RefusedByTheEnd(Wire.SetVringEnable, Wire.State(0, 1));
    }

    [Fact]
    public void Features_that_were_offered_may_be_set()
    {
        using WireClient client = Connect().Negotiate(Xen, Wire.Bit30 | Wire.Version1 | Wire.Bit33);
        client.Acknowledged(Wire.SetFeatures, Wire.U64(Wire.Bit30 | Wire.Bit33));
    }

    [Fact]
    public void A_feature_that_was_not_offered_is_nacked()
    {
        using WireClient client = Negotiated();
        client.RefusedWithNack(Wire.SetFeatures, Wire.U64(Wire.Bit30 | Wire.Version1 | (1UL << 40)));
    }

    [Fact]
    public void Reset_device_is_acknowledged()
    {
        using WireClient client = Negotiated();
        client.Acknowledged(Wire.ResetDevice);
    }

    [Fact]
    public void Set_status_without_its_feature_ends_the_connection()
    {
        using WireClient client = Negotiated();
        client.RefusedByTheEnd(Wire.SetStatus, Wire.U64(15));
    }

    [Fact]
    public void An_unknown_request_ends_the_connection()
    {
        using WireClient client = Negotiated();
        client.RefusedByTheEnd(60, []);
    }

    [Fact]
    public void The_base_of_a_ring_that_never_started_is_0_however_often_it_is_asked_for()
    {
        using WireClient client = Negotiated();
        Assert.Equal(Wire.State(0, 0), client.Ask(Wire.GetVringBase, Wire.State(0, 0)).Payload);
        Assert.Equal(Wire.State(0, 0), client.Ask(Wire.GetVringBase, Wire.State(0, 0)).Payload);
    }

    [Fact]
    public void Config_that_is_not_there_is_answered_with_a_size_of_0()
    {
        using WireClient client = Negotiated();
        WireReply reply = client.Ask(Wire.GetConfig, Wire.Config(3000, 16));
        Assert.Equal(12, reply.Payload.Length);
        Assert.Equal(Wire.State(3000, 0), reply.Payload[..8]);
    }

    [Fact]
    public void Need_reply_is_not_honoured_before_reply_ack_was_acknowledged()
    {
        using WireClient client = Connect();
        client.Ask(Wire.GetFeatures);
        client.Ask(Wire.GetProtocolFeatures);
        client.Send(Wire.SetProtocolFeatures, Wire.U64(Wire.XenMmap));
        client.Send(Wire.SetVringNum, Wire.State(0, 64));
        // The next answer on the socket is this one's, so that neither of the two before was answered.
        client.Ask(Wire.GetFeatures);
    }

    [Fact]
    public void Get_vring_base_stops_the_ring_and_drops_its_kick()
    {
        using WireClient client = WithMemory();
        using TestRing ring = new(Guest, 0, RingAt);
        ring.BringUp(client);
        AssertServes(ring);
        client.Ask(Wire.GetVringBase, Wire.State(0, 0));

        SubmitId(ring);
        client.Ask(Wire.GetFeatures);

        Assert.Equal(1, ring.UsedIndex);
        Assert.True(ring.Kick.TryRead(out ulong unread));
        Assert.Equal(1UL, unread);
    }

    [Fact]
    public void A_ring_that_is_not_enabled_is_not_served_until_it_is()
    {
        using WireClient client = WithMemory();
        using TestRing ring = new(Guest, 0, RingAt);
        ring.BringUp(client, enable: false);
        SubmitId(ring);
        client.Ask(Wire.GetFeatures);
        Assert.Equal(0, ring.UsedIndex);

        client.Acknowledged(Wire.SetVringEnable, Wire.State(0, 1));
        ring.Completed();
    }

    /// <summary>Any device gives the chain back; for a disk it asks for the serial number.</summary>
    private protected void SubmitId(TestRing ring)
    {
        Guest.Ram.WriteU32(0x10000, 8);
        ring.Submit((TestGuest.Base + 0x10000, 16, false), (TestGuest.Base + 0x11000, 20, true), (TestGuest.Base + 0x12000, 1, true));
    }

    private void AssertServes(TestRing ring)
    {
        SubmitId(ring);
        Assert.Equal(0u, ring.Completed().Head);
        Assert.Equal(1, ring.UsedIndex);
    }
}
