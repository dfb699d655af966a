namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>The rings.</summary>
public abstract partial class MeasuredRules
{
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
    public void The_base_of_a_ring_that_never_started_is_0_however_often_it_is_asked_for()
    {
        using WireClient client = Negotiated();
        Assert.Equal(Wire.State(0, 0), client.Ask(Wire.GetVringBase, Wire.State(0, 0)).Payload);
        Assert.Equal(Wire.State(0, 0), client.Ask(Wire.GetVringBase, Wire.State(0, 0)).Payload);
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
    public void A_kick_of_a_ring_that_is_not_enabled_is_taken_and_forgotten_and_the_next_one_serves_all()
    {
        using WireClient client = WithMemory();
        using TestRing ring = new(Guest, 0, RingAt);
        ring.BringUp(client, enable: false);
        ring.SubmitUntilTaken(() => SubmitId(ring));
        client.Acknowledged(Wire.SetVringEnable, Wire.State(0, 1));
        client.Ask(Wire.GetFeatures);
        Assert.Equal(0, ring.UsedIndex);

        ring.Kick.Signal();
        ring.Completed();
        Assert.Equal(1, ring.UsedIndex);
    }

    [Fact]
    public void A_ring_that_is_disabled_again_takes_kicks_and_serves_nothing()
    {
        using WireClient client = WithMemory();
        using TestRing ring = new(Guest, 0, RingAt);
        ring.BringUp(client);
        AssertServes(ring);
        client.Acknowledged(Wire.SetVringEnable, Wire.State(0, 0));

        ring.SubmitUntilTaken(() => SubmitId(ring));
        client.Ask(Wire.GetFeatures);
        Assert.Equal(1, ring.UsedIndex);
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
