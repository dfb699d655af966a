using XenDmHost.Host.Native;
using XenDmHost.Host.Notify;

namespace XenDmHost.UnitTests.Notify;

/// <summary>A back-end that took O_NONBLOCK from the kick eventfd and filled it holds a thread, and not for long.</summary>
public sealed class KickWatchTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_kick_that_is_stuck_is_freed_and_told()
    {
        using EventFd kick = EventFd.Create();
        using ManualResetEventSlim told = new();
        using KickWatch watch = new(() => { });
        watch.Start();
        KickRoute route = new(1);
        route.Set(0, kick);
        watch.Add(route, told.Set);
        Eventfds.MakeBlocking(kick);
        Eventfds.Fill(kick);
        Thread guest = new(() => route.TryKick(0)) { IsBackground = true };
        guest.Start();
        Assert.True(told.Wait(Limit), "nobody noticed");
        Assert.True(guest.Join(Limit), "the kick is still stuck");
        Assert.Null(route.InProgress);
    }

    [Fact]
    public void A_route_that_is_not_watched_any_more_is_left_alone()
    {
        using EventFd kick = EventFd.Create();
        using EventFd other = EventFd.Create();
        using ManualResetEventSlim told = new();
        using ManualResetEventSlim otherTold = new();
        using KickWatch watch = new(() => { });
        watch.Start();
        KickRoute route = Stuck(kick, watch, told);
        watch.Remove(route);
        KickRoute otherRoute = Stuck(other, watch, otherTold);
        Thread first = Kick(route);
        Thread second = Kick(otherRoute);
        Assert.True(otherTold.Wait(Limit));
        Assert.False(told.IsSet);
        Eventfds.Take(kick);
        Assert.True(first.Join(Limit));
        Assert.True(second.Join(Limit));
    }

    private static KickRoute Stuck(EventFd kick, KickWatch watch, ManualResetEventSlim told)
    {
        KickRoute route = new(1);
        route.Set(0, kick);
        watch.Add(route, told.Set);
        Eventfds.MakeBlocking(kick);
        Eventfds.Fill(kick);
        return route;
    }

    private static Thread Kick(KickRoute route)
    {
        Thread guest = new(() => route.TryKick(0)) { IsBackground = true };
        guest.Start();
        return guest;
    }
}
