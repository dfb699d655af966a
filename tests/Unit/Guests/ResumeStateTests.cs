using XenDmHost.Host.Guests;
using XenDmHost.UnitTests.VirtioMmio;

namespace XenDmHost.UnitTests.Guests;

/// <summary>Where a ring goes on (vhost-user.rst, "Ring states"; virtio 1.3, 2.7 for the indices).</summary>
public sealed class ResumeStateTests
{
    private readonly ResumeState _state = new(new TestDevice().Registers, largestQueue: 64);

    [Fact]
    public void After_a_crash_the_used_index_counts() => Assert.Equal(7, _state.BaseOf(0, usedIndex: 7, size: 64));

    [Theory]
    [InlineData(9, 7, 9)]           // two requests were given up at the stop
    [InlineData(71, 7, 71)]         // the ring was full
    [InlineData(72, 7, 7)]          // more than fit into it
    [InlineData(6, 7, 7)]           // less than was given back
    [InlineData(0x1_0009, 7, 9)]    // an index has 16 bits
    [InlineData(3, 0xfffe, 3)]      // across the wrap
    public void After_an_orderly_stop_the_back_ends_word_counts_if_it_can_be_true(uint stoppedAt, ushort used, ushort expected)
    {
        _state.Stopped(0, stoppedAt);
        Assert.Equal(expected, _state.BaseOf(0, used, size: 64));
        Assert.Equal(used, _state.BaseOf(1, used, size: 64));
    }

    [Fact]
    public void What_the_driver_stops_begins_anew()
    {
        _state.Stopped(0, 9);
        _state.Stopped(1, 9);
        _state.Forget(0);
        Assert.Equal(0, _state.BaseOf(0, usedIndex: 0, size: 64));
        _state.ForgetAll();
        Assert.Equal(0, _state.BaseOf(1, usedIndex: 0, size: 64));
    }
}
