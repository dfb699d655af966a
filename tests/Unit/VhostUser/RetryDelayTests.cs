using XenDmHost.Host.VhostUser;

namespace XenDmHost.UnitTests.VhostUser;

public sealed class RetryDelayTests
{
    [Fact]
    public void Each_delay_is_twice_the_one_before_up_to_the_maximum()
    {
        RetryDelay delay = new(maximumMs: 300);
        Assert.Equal([50, 100, 200, 300, 300], Enumerable.Range(0, 5).Select(_ => delay.NextMs()));
    }

    [Fact]
    public void A_success_starts_it_over()
    {
        RetryDelay delay = new(maximumMs: 5000);
        delay.NextMs();
        delay.NextMs();
        delay.Reset();
        Assert.Equal(50, delay.NextMs());
    }

    [Fact]
    public void The_first_delay_is_not_longer_than_the_maximum() => Assert.Equal(10, new RetryDelay(10).NextMs());
}
