using XenDmHost.Host.XenStore;

namespace XenDmHost.UnitTests.XenStore;

/// <summary>The end of the thread on which watch callbacks run.</summary>
public sealed class EventDispatcherTests
{
    [Fact]
    public void A_callback_that_does_not_end_is_reported_and_left_alone()
    {
        List<Exception> reported = [];
        using ManualResetEventSlim begun = new(), end = new();
        EventDispatcher dispatcher = new(reported.Add, TimeSpan.FromMilliseconds(50));
        dispatcher.Post(() =>
        {
            begun.Set();
            end.Wait();
        });
        begun.Wait();

        dispatcher.Dispose();

        Assert.IsType<TimeoutException>(Assert.Single(reported));
        end.Set();
    }

    [Fact]
    public void A_callback_may_end_the_thread_that_it_runs_on()
    {
        using ManualResetEventSlim ended = new();
        EventDispatcher? dispatcher = null;
        dispatcher = new EventDispatcher(null, TimeSpan.FromSeconds(30));
        dispatcher.Post(() =>
        {
            dispatcher.Dispose();
            ended.Set();
        });
        Assert.True(ended.Wait(TimeSpan.FromSeconds(30)));
    }
}
