using XenDmHost.Host.Native;
using XenDmHost.Host.Notify;

namespace XenDmHost.UnitTests.Notify;

/// <summary>Guest's QueueNotify to back-end's kick eventfd, with real eventfds.</summary>
public sealed class KickRouteTests : IDisposable
{
    private readonly KickRoute _route = new(2);
    private readonly EventFd _kick = EventFd.Create();

    [Fact]
    public void A_kick_adds_1_to_the_eventfd_of_its_queue()
    {
        using EventFd other = EventFd.Create();
        _route.Set(0, _kick);
        _route.Set(1, other);
        Assert.True(_route.TryKick(0));
        Assert.True(_route.TryKick(0));
        Assert.Equal(2ul, Eventfds.Take(_kick));
        Assert.False(other.TryDrain());
        Assert.Equal(2, _route.Sent);
        Assert.Null(_route.InProgress);
    }

    [Fact]
    public void A_kick_of_a_ring_that_is_not_started_is_dropped()
    {
        Assert.True(_route.TryKick(0));
        _route.Set(0, _kick);
        _route.Set(0, null);
        Assert.True(_route.TryKick(0));
        Assert.False(_kick.TryDrain());
        Assert.Equal(0, _route.Sent);
    }

    [Fact]
    public void A_full_counter_refuses_the_kick()
    {
        _route.Set(0, _kick);
        Eventfds.Fill(_kick);
        Assert.False(_route.TryKick(0));
    }

    [Fact]
    public void An_eventfd_that_was_closed_meanwhile_is_no_fault_of_the_back_end()
    {
        _route.Set(0, _kick);
        _kick.Dispose();
        Assert.True(_route.TryKick(0));
    }

    public void Dispose() => _kick.Dispose();
}
