using XenDmHost.Host.Native;

namespace XenDmHost.UnitTests.Notify;

/// <summary>An eventfd that a back-end holds too never makes the host wait where it reads.</summary>
public sealed class EventFdTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_empty_counter_is_not_waited_for_even_without_O_NONBLOCK(bool blocking)
    {
        EventFd eventFd = EventFd.Create();
        if (blocking)
        {
            Eventfds.MakeBlocking(eventFd);
        }

        // On a thread of its own: should it wait, the test fails and does not hang.
        bool? drained = null;
        Thread drain = new(() => drained = eventFd.TryDrain()) { IsBackground = true };
        drain.Start();
        Assert.True(drain.Join(TimeSpan.FromSeconds(20)), "the read waits");
        Assert.False(drained);
        eventFd.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_counter_is_taken_as_a_whole(bool blocking)
    {
        using EventFd eventFd = EventFd.Create();
        Assert.Equal(0, eventFd.TrySignal());
        Assert.Equal(0, eventFd.TrySignal());
        if (blocking)
        {
            Eventfds.MakeBlocking(eventFd);
        }

        Assert.True(eventFd.TryDrain());
        Assert.False(eventFd.TryDrain());
    }
}
