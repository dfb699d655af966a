using XenDmHost.Simulation.Native;

namespace XenDmHost.UnitTests.StandIns.Native;

public sealed class EventFdTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_empty_counter_is_never_waited_for(bool nonBlocking)
    {
        using EventFd counter = EventFd.Create(nonBlocking);
        Assert.False(counter.TryRead(out _));
        Assert.False(counter.Wait(TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void Signals_add_up_and_a_read_takes_them_all()
    {
        using EventFd counter = EventFd.Create(nonBlocking: false);
        counter.Signal();
        counter.Signal();

        Assert.Equal(2UL, counter.Wait());
        Assert.False(counter.TryRead(out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_full_counter_is_not_waited_for_either(bool nonBlocking)
    {
        using EventFd counter = EventFd.Create(nonBlocking);
        Assert.True(counter.TryAdd(EventFd.Maximum));
        Assert.False(counter.TrySignalNow());
    }

    [Fact]
    public void A_wait_on_several_tells_which_one_is_ready()
    {
        using EventFd idle = EventFd.Create(nonBlocking: true);
        using EventFd signalled = EventFd.Create(nonBlocking: true);
        signalled.Signal();
        PollEntry[] entries = [new(idle.Fd), new(signalled.Fd)];

        Assert.Equal(1, Poller.Wait(entries, TimeSpan.FromSeconds(60)));
        Assert.Equal(PollEvents.None, entries[0].Ready);
        Assert.Equal(PollEvents.Readable, entries[1].Ready);
    }
}
