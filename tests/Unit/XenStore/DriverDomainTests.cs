using System.Collections.Concurrent;
using XenDmHost.Host.XenStore;

namespace XenDmHost.UnitTests.XenStore;

/// <summary>How a guest is found, and followed, by a domain that xenstore tells little (docs/xen-platform.md, "A driver domain").</summary>
public sealed class DriverDomainTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private readonly ConfinedStore _store = new();
    private readonly XenStoreClient _client;
    private readonly BlockingCollection<string> _seen = [];

    public DriverDomainTests() => _client = XenStoreClient.Connect(() => _store);

    public void Dispose()
    {
        _client.Dispose();
        _seen.Dispose();
    }

    [Fact]
    public void The_target_is_found_by_its_name()
    {
        MakeTarget(7);
        _store.CreateGuest(7, "work");
        GuestLookup lookup = new(_client);
        Assert.Equal(new GuestIdentity(7, "work", "/vm/00000000-0000-0000-0000-000000000007"), lookup.Find("work").Value);
        Assert.True(lookup.IsConfined);
        Assert.True(lookup.IsStillThere(lookup.Find("work").Value).Value);
    }

    [Fact]
    public void A_target_without_devices_here_is_found_too()
    {
        MakeTarget(7);
        _store.CreateGuest(7, "work");
        _store.Remove("/local/domain/6/backend");
        Assert.Equal(7u, new GuestLookup(_client).Find("work").Value.Domid);
    }

    [Fact]
    public void Of_a_guest_that_is_not_the_target_no_more_is_known_than_that_its_devices_are_here()
    {
        MakeTarget(7);
        _store.CreateGuest(8, "second");
        List<uint> hidden = [];
        Assert.Equal(XenStoreError.ENOENT, new GuestLookup(_client).Find("second", hidden).Error);
        Assert.Equal([8u], hidden);
    }

    [Fact]
    public void Such_a_guest_is_found_by_its_domid_and_there_as_long_as_its_devices_are()
    {
        _store.CreateGuest(8, "second");
        GuestLookup lookup = new(_client);
        GuestIdentity guest = lookup.Find("8").Value;
        Assert.Equal((8u, true, null), (guest.Domid, guest.IsUnread, guest.Uuid));
        Assert.True(lookup.IsStillThere(guest).Value);
        _store.Remove("/local/domain/6/backend/virtio/8");
        Assert.False(lookup.IsStillThere(guest).Value);
        Assert.Equal(XenStoreError.ENOENT, lookup.Find("8").Error);
    }

    [Fact]
    public void A_target_that_is_gone_is_not_taken_for_a_guest_without_a_name()
    {
        _store.Write("/local/domain/6/target", "7");
        _store.CreateGuest(7, "work");
        GuestLookup lookup = new(_client);
        GuestIdentity guest = lookup.Find("7").Value;
        _store.Remove("/local/domain/6/backend/virtio/7");
        Assert.False(lookup.IsStillThere(guest).Value);
        Assert.Equal(XenStoreError.ENOENT, lookup.Find("7").Error);
    }

    [Fact]
    public void A_guest_comes_with_its_devices_and_goes_with_them_though_nobody_tells_of_guests()
    {
        MakeTarget(7);
        using GuestFollower follower = Follow("work");
        _store.CreateGuest(7, "work");
        Assert.Equal("came 7", Next());
        _store.Remove("/local/domain/7");
        _store.Remove("/local/domain/6/backend/virtio/7/0");
        Assert.Equal("went 7", Next());
    }

    [Fact]
    public void A_guest_is_found_when_it_becomes_the_target_after_its_devices_were_made()
    {
        using GuestFollower follower = Follow("work");
        _store.CreateGuest(7, "work");
        Assert.Equal("hidden 7", Next());
        MakeTarget(7);
        while (Next() is var seen && seen != "came 7") Assert.Equal("hidden 7", seen);
    }

    [Fact]
    public void What_goes_on_within_a_device_is_not_looked_at()
    {
        using GuestFollower follower = Follow("work");
        _store.CreateGuest(7, "work");
        Assert.Equal("hidden 7", Next());
        foreach (int state in (int[])[2, 4, 5]) _store.Write("/local/domain/6/backend/virtio/7/0/state", $"{state}");
        _store.Write("/local/domain/6/backend/virtio/9/0", "");
        Assert.Equal("hidden 9", Next());
    }

    /// <summary>Follows and waits until each of the watches has fired once; those of our own nodes are made in answer to the others.</summary>
    private GuestFollower Follow(string guest)
    {
        XenStoreResult<GuestFollower> follower = GuestFollower.Follow(
            _client, guest, came => _seen.Add($"came {came.Domid}"), went => _seen.Add($"went {went.Domid}"), domid => _seen.Add($"hidden {domid}"));
        for (int round = 0; round < 2; round++)
        {
            // The answer comes behind the watches' first events.
            _client.Read("domid");
            using ManualResetEventSlim looked = new();
            _client.Post(looked.Set);
            Assert.True(looked.Wait(s_limit));
        }

        return follower.Value;
    }

    private string Next() => _seen.TryTake(out string? seen, s_limit) ? seen : throw new TimeoutException("nothing was seen");

    private void MakeTarget(uint domid)
    {
        _store.Target = domid;
        _store.Write("/local/domain/6/target", $"{domid}");
    }
}
