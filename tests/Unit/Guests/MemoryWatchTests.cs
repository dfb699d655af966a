using XenDmHost.Host.Guests;

namespace XenDmHost.UnitTests.Guests;

/// <summary>When the host looks again which pages a guest has. A letter is a look: x for "due".</summary>
public sealed class MemoryWatchTests
{
    private readonly MemoryWatch _watch = new();

    [Fact]
    public void A_guest_that_keeps_its_memory_is_not_looked_at() => Assert.Equal("....", Looks(0, 0, 0, 0));

    [Fact]
    public void Pages_that_left_are_looked_for_when_their_leaving_pauses() => Assert.Equal("...x..", Looks(0, 100, 300, 300, 300, 300));

    [Fact]
    public void Leaving_without_a_pause_is_not_waited_for_for_ever() =>
        Assert.Equal(".........x.........x", Looks([.. Enumerable.Range(1, 20)]));

    [Fact]
    public void A_new_target_is_followed_with_growing_pauses()
    {
        _watch.Expect();
        Assert.Equal("x.x..x....x........x", Looks(new int[20]));
    }

    [Fact]
    public void It_is_not_followed_for_ever()
    {
        _watch.Expect();
        Assert.Equal(7, Looks(new int[1000]).Count(look => look == 'x'));
    }

    private string Looks(params int[] invalidations) => string.Concat(invalidations.Select(count => _watch.IsDue(count) ? 'x' : '.'));
}
