namespace XenDmHost.IntegrationTests.StandIns.Rules;

/// <summary>The rings.</summary>
public sealed partial class MeasuredRules
{
    [Theory]
    [EachBackEnd(64u)]
    [EachBackEnd(3u)]
    public void Set_vring_num_up_to_the_maximum_is_acknowledged_for_every_queue_even_if_no_power_of_two(string backEnd, uint size)
    {
        using WireClient client = Negotiated(backEnd);
        for (uint queue = 0; queue < BackEnd.Queues; queue++)
        {
            client.Acknowledged(Wire.SetVringNum, Wire.State(queue, size));
        }
    }

    [Theory]
    [EachBackEnd(128u)]
    [EachBackEnd(0u)]
    public void Set_vring_num_above_the_maximum_or_of_0_is_nacked(string backEnd, uint size)
    {
        using WireClient client = Negotiated(backEnd);
        client.RefusedWithNack(Wire.SetVringNum, Wire.State(BackEnd.Queue, size));
    }

    [Theory]
    [EachBackEnd]
    public void Set_vring_num_for_no_queue_is_nacked(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        client.RefusedWithNack(Wire.SetVringNum, Wire.State((uint)BackEnd.Queues, 64));
    }

    [Theory]
    [EachBackEnd]
    public void Set_vring_addr_before_any_memory_is_nacked(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        using TestRing ring = NewRing();
        client.RefusedWithNack(Wire.SetVringAddr, ring.Addresses());
    }

    [Theory]
    [EachBackEnd]
    public void A_ring_given_by_guest_addresses_serves_where_user_and_guest_addresses_are_the_same(string backEnd)
    {
        using WireClient client = WithMemory(backEnd);
        using TestRing ring = NewRing();
        ring.BringUp(client);
        AssertServes(ring);
        Assert.Equal(Wire.State(BackEnd.Queue, 1), client.Ask(Wire.GetVringBase, Wire.State(BackEnd.Queue, 0)).Payload);
    }

    [Theory]
    [EachBackEnd]
    public void A_ring_given_by_arbitrary_user_addresses_serves_too(string backEnd)
    {
        const ulong User = 0x7f00_0000_0000;
        using WireClient client = Negotiated(backEnd);
        using TestRing ring = NewRing();
        client.Acknowledged(Wire.SetMemTable, Wire.Table(Guest.Region(User)), Guest.Fd);
        ring.BringUp(client, shift: User - TestGuest.Base);
        AssertServes(ring);
    }

    [Theory]
    [EachBackEnd]
    public void A_ring_address_in_no_user_range_is_nacked(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        using TestRing ring = NewRing();
        client.Acknowledged(Wire.SetMemTable, Wire.Table(Guest.Region(user: 0)), Guest.Fd);
        client.RefusedWithNack(Wire.SetVringAddr, ring.Addresses());
    }

    [Theory]
    [EachBackEnd]
    public void Without_bit_30_the_ring_runs_at_once_and_set_vring_enable_ends_the_connection(string backEnd)
    {
        using WireClient client = Connect(backEnd);
        client.Negotiate(BackEnd.Xen, Wire.Version1);
        using TestRing ring = NewRing();
        client.Acknowledged(Wire.SetMemTable, Wire.Table(Guest.Region()), Guest.Fd);
        ring.BringUp(client, enable: false);
        AssertServes(ring);
        client.RefusedByTheEnd(Wire.SetVringEnable, Wire.State(BackEnd.Queue, 1));
    }

    [Theory]
    [EachBackEnd]
    public void The_base_of_a_ring_that_never_started_is_0_however_often_it_is_asked_for(string backEnd)
    {
        using WireClient client = Negotiated(backEnd);
        Assert.Equal(Wire.State(BackEnd.Queue, 0), client.Ask(Wire.GetVringBase, Wire.State(BackEnd.Queue, 0)).Payload);
        Assert.Equal(Wire.State(BackEnd.Queue, 0), client.Ask(Wire.GetVringBase, Wire.State(BackEnd.Queue, 0)).Payload);
    }

    [Theory]
    [EachBackEnd]
    public void Get_vring_base_stops_the_ring_and_drops_its_kick(string backEnd)
    {
        using WireClient client = WithMemory(backEnd);
        using TestRing ring = NewRing();
        ring.BringUp(client);
        AssertServes(ring);
        client.Ask(Wire.GetVringBase, Wire.State(BackEnd.Queue, 0));

        SubmitRequest(ring);
        client.Ask(Wire.GetFeatures);

        Assert.Equal(1, ring.UsedIndex);
        Assert.True(ring.Kick.TryRead(out ulong unread));
        Assert.Equal(1UL, unread);
    }

    [Theory]
    [EachBackEnd]
    public void A_kick_of_a_ring_that_is_not_enabled_is_taken_and_forgotten_and_the_next_one_serves_all(string backEnd)
    {
        using WireClient client = WithMemory(backEnd);
        using TestRing ring = NewRing();
        ring.BringUp(client, enable: false);
        ring.SubmitUntilTaken(() => SubmitRequest(ring));
        client.Acknowledged(Wire.SetVringEnable, Wire.State(BackEnd.Queue, 1));
        client.Ask(Wire.GetFeatures);
        Assert.Equal(0, ring.UsedIndex);

        ring.Kick.Signal();
        ring.Completed();
        Assert.Equal(1, ring.UsedIndex);
    }

    [Theory]
    [EachBackEnd]
    public void A_ring_that_is_disabled_again_takes_kicks_and_serves_nothing(string backEnd)
    {
        using WireClient client = WithMemory(backEnd);
        using TestRing ring = NewRing();
        ring.BringUp(client);
        AssertServes(ring);
        client.Acknowledged(Wire.SetVringEnable, Wire.State(BackEnd.Queue, 0));

        // A thread that served the first request may still be looking for more of it; once it has taken a kick, it is through.
        ring.SubmitUntilTaken(ring.KickAgain);
        ring.SubmitUntilTaken(() => SubmitRequest(ring));
        client.Ask(Wire.GetFeatures);
        Assert.Equal(1, ring.UsedIndex);
    }

    private void SubmitRequest(TestRing ring)
    {
        const int RequestAt = 0x10000, RoomAt = 0x11000, RoomSize = 0x1000;
        BackEnd.Request.CopyTo(Guest.Ram.Slice(RequestAt, BackEnd.Request.Length));
        List<(ulong, int, bool)> buffers = [];
        if (BackEnd.Request.Length > 0) buffers.Add((TestGuest.Base + RequestAt, BackEnd.Request.Length, false));
        for (int i = 0; i < BackEnd.Room.Length; i++) buffers.Add((TestGuest.Base + (ulong)(RoomAt + (i * RoomSize)), BackEnd.Room[i], true));
        ring.Submit([.. buffers]);
    }

    private void AssertServes(TestRing ring)
    {
        SubmitRequest(ring);
        Assert.Equal(0u, ring.Completed().Head);
        Assert.Equal(1, ring.UsedIndex);
    }
}
