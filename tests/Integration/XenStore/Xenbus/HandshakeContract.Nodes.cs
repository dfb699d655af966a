using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Xenbus;

namespace XenDmHost.IntegrationTests.XenStore.Xenbus;

/// <content>Removal, detaching and attaching.</content>
public abstract partial class HandshakeContract
{
    [Fact]
    public void Removal_is_answered_at_once_and_the_device_is_served_until_the_guest_has_let_go()
    {
        Connect();
        AskToRemove();
        Expect("6");
        Settle();
        Assert.Empty(_calls.Drain());
        Guest("6");
        Assert.Equal(["disconnect", "release"], new[] { _calls.Next(), _calls.Next() });
    }

    [Fact]
    public void Removal_of_a_guest_that_is_silent_ends_with_the_limit()
    {
        Connect(linger: TimeSpan.FromMilliseconds(50));
        AskToRemove();
        Expect("6");
        Assert.Equal(["disconnect", "release"], new[] { _calls.Next(), _calls.Next() });
    }

    [Fact]
    public void A_destroyed_guests_folder_is_gone_so_nobody_is_waited_for()
    {
        Connect();
        AskToRemove(theirsToo: true);
        Expect("6");
        Assert.Equal(["disconnect", "release"], new[] { _calls.Next(), _calls.Next() });
    }

    [Fact]
    public void Removal_before_any_driver_came_waits_for_nobody()
    {
        Begin();
        Expect("2");
        AskToRemove();
        Expect("6");
        Assert.Equal("release", _calls.Next());
    }

    [Fact]
    public void A_node_that_vanished_is_let_go_of_and_not_brought_back()
    {
        Connect();
        Ok(_other.Remove(Ours));
        Assert.Equal(["disconnect", "release"], new[] { _calls.Next(), _calls.Next() });
        Guest("6");
        Settle();
        Assert.Equal(XenStoreError.ENOENT, _other.Read($"{Ours}/state").Error);
        Assert.Equal(XenStoreError.ENOENT, XenbusBackEndState.Write(_host, Ours, XenbusState.Closed));
        Assert.Equal(XenStoreError.ENOENT, _other.Read(Ours).Error);
    }

    [Fact]
    public void A_guest_that_deletes_its_own_folder_closes_its_device()
    {
        Connect();
        Ok(_other.Remove(Theirs));
        Assert.Equal("disconnect", _calls.Next());
        Expect("6");
    }

    [Fact]
    public void Closing_that_the_toolstack_wrote_alone_is_answered_and_the_driver_may_come_again()
    {
        Connect();
        Ok(_other.Write($"{Ours}/state", "5"));
        Expect("6");
        Guest("6");
        Assert.Equal("disconnect", _calls.Next());
        Guest("1");
        Expect("2");
    }

    [Fact]
    public void Detaching_walks_both_ends_through_closing_and_leaves_nothing()
    {
        Connect();
        using XenStoreWatch driver = _other.Watch(Ours, _ =>
        {
            // The guest's driver: closes when the other end does.
            if (_other.TryRead($"{Ours}/state", out string state) && state is "5" or "6" && _other.TryRead($"{Theirs}/state", out string own) && own != "6") _other.Write($"{Theirs}/state", "6");
        }).Value;
        DetachOutcome outcome = new XenbusDetach(_host, Request(0).Address).Run(TimeSpan.FromSeconds(30));
        Assert.Equal(new DetachOutcome(XenStoreError.None, HostAnswered: true, GuestAnswered: true), outcome);
        Assert.Equal(["disconnect", "release"], new[] { _calls.Next(), _calls.Next() });
        AssertNothingLeft();
    }

    [Fact]
    public void Detaching_from_a_silent_guest_ends_with_the_limit_and_says_so()
    {
        Connect();
        DetachOutcome outcome = new XenbusDetach(_other, Request(0).Address).Run(TimeSpan.FromMilliseconds(500));
        Assert.Equal((XenStoreError.None, false), (outcome.Error, outcome.GuestAnswered));
        AssertNothingLeft();
    }

    [Fact]
    public void Detaching_what_is_not_there_is_ENOENT_and_makes_nothing()
    {
        Assert.Equal(XenStoreError.ENOENT, new XenbusDetach(_other, Request(9).Address).Run(TimeSpan.FromSeconds(1)).Error);
        Assert.Equal(XenStoreError.ENOENT, _other.Read(Request(9).Address.Path).Error);
    }

    [Fact]
    public void Attached_nodes_have_their_owners_and_readers()
    {
        Assert.Equal([new(StoreAccess.None, 0), new(StoreAccess.Read, _domid)], _other.GetPermissions($"{Ours}/state").Value);
        Assert.Equal([new(StoreAccess.None, _domid), new(StoreAccess.Read, 0)], _other.GetPermissions($"{Theirs}/state").Value);
        Assert.Equal(("0xfd000000", "0x200", "1", "1"), (Read(Ours, "base"), Read(Ours, "size"), Read(Ours, "state"), Read(Ours, "online")));
        Assert.Equal((Theirs, $"{_domid}"), (Read(Ours, "frontend"), Read(Ours, "frontend-id")));
        Assert.Equal((Ours, "0", "1"), (Read(Theirs, "backend"), Read(Theirs, "backend-id"), Read(Theirs, "state")));
    }

    [Fact]
    public void A_device_is_attached_once_and_only_to_the_guest_that_was_meant()
    {
        Assert.Equal(XenStoreError.EEXIST, XenbusNodes.Attach(_other, Request(0)));
        GuestIdentity another = _guest with { VmPath = "/vm/another" };
        Assert.Equal(XenStoreError.ENOENT, XenbusNodes.Attach(_other, Request(1) with { Guest = another }));
        Assert.Equal(XenStoreError.ENOSPC, XenbusNodes.Attach(_other, Request(1) with { ChooseBase = _ => null }));
        Assert.Equal(XenStoreError.ENOENT, _other.Read(Request(1).Address.Path).Error);
    }

    [Fact]
    public void The_places_of_all_devices_are_known_when_one_is_chosen_the_guests_own_too()
    {
        Ok(_other.Write($"{Theirs}/base", "0xfd555000"));
        Ok(_other.Write($"/local/domain/0/backend/virtio/{_domid}/3/base", "0x2000000"));
        Ok(_other.Write($"/local/domain/0/backend/virtio_disk/{_domid}/51712/base", "33555456"));
        List<ulong> seen = [];
        Ok(XenbusNodes.Attach(_other, Request(1) with
        {
            ChooseBase = taken =>
            {
                seen = [.. taken];
                return 0xfd009000;
            },
        }));
        Assert.Equal((ulong[])[0x2000000, 0x2000400, 0xfd000000, 0xfd555000], seen.Order());
        Ok(_other.Remove($"/local/domain/0/backend/virtio/{_domid}"));
        Ok(_other.Remove($"/local/domain/0/backend/virtio_disk/{_domid}"));
    }

    [Fact]
    public void What_was_attached_to_a_guest_that_is_gone_is_removed_and_nothing_else()
    {
        string libxls = $"/local/domain/0/backend/virtio-mmio/{_domid}/7";
        Ok(_other.Write($"{libxls}/state", "1"));
        Assert.DoesNotContain(Request(0).Address, XenbusNodes.RemoveLeftOvers(_host, 0));
        Ok(_other.Write($"/local/domain/{_domid}/vm", "/vm/of-another-guest"));
        Assert.Contains(Request(0).Address, XenbusNodes.RemoveLeftOvers(_host, 0));
        Assert.Equal(XenStoreError.ENOENT, _other.Read(Ours).Error);
        Assert.Equal("1", _other.Read($"{libxls}/state").Value);
        Ok(_other.Remove(libxls));
    }
}
