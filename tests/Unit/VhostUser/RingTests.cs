using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;

namespace XenDmHost.UnitTests.VhostUser;

public sealed class RingTests : IDisposable
{
    private readonly FakeBackEnd _backEnd = new FakeBackEnd().Negotiated();
    private readonly EventFd _event = EventFd.Create();

    public void Dispose()
    {
        _backEnd.Dispose();
        _event.Dispose();
    }

    [Fact]
    public void Starting_describes_the_ring_and_hands_over_call_before_kick()
    {
        Assert.True(_backEnd.FrontEnd.StartRing(Ring with { Error = _event }).IsOk);
        Assert.Equal(
            ["SET_VRING_NUM", "SET_VRING_BASE", "SET_VRING_ERR", "SET_VRING_CALL", "SET_VRING_ADDR", "SET_VRING_KICK"], _backEnd.Names);
    }

    [Fact]
    public void Nobody_is_given_an_error_eventfd_at_which_nobody_looks()
    {
        Assert.True(_backEnd.FrontEnd.StartRing(Ring).IsOk);
        Assert.DoesNotContain("SET_VRING_ERR", _backEnd.Names);
    }

    [Fact]
    public void Stopping_disables_first()
    {
        Assert.True(_backEnd.FrontEnd.StopRing(0, out uint vringBase).IsOk);
        Assert.Equal(["SET_VRING_ENABLE", "GET_VRING_BASE"], _backEnd.Names);
        Assert.Equal(7u, vringBase);
    }

    [Fact]
    public void Reset_device_is_sent_only_where_it_is_offered()
    {
        Assert.True(_backEnd.FrontEnd.ResetDevice().IsOk);
        Assert.Empty(_backEnd.Messages);
    }

    [Theory]
    [InlineData(-1, 8, 0, "index")]
    [InlineData(256, 8, 0, "index")]
    [InlineData(0, 0, 0, "power of two")]
    [InlineData(0, 3, 0, "power of two")]
    [InlineData(0, 65536, 0, "power of two")]
    [InlineData(0, 8, 65536, "does not fit")]
    public void A_ring_that_cannot_be_is_not_sent(int index, int size, uint vringBase, string why) =>
        Refused(Ring with { Index = index, Size = size, Base = vringBase }, why);

    [Fact]
    public void A_ring_is_aligned()
    {
        Refused(Ring with { DescriptorTable = 0x1008 }, "the descriptor table at 0x1008 is not aligned to 16");
        Refused(Ring with { AvailableRing = 0x1001 }, "the available ring at 0x1001 is not aligned to 2");
        Refused(Ring with { UsedRing = 0x1002 }, "the used ring at 0x1002 is not aligned to 4");
    }

    [Fact]
    public void The_largest_ring_is_sent() => Assert.True(_backEnd.FrontEnd.StartRing(Ring with { Size = 32768, Index = 255 }).IsOk);

    private RingSetup Ring => new()
    {
        Index = 0, Size = 8, DescriptorTable = 0x1000, AvailableRing = 0x2000, UsedRing = 0x3000, Kick = _event, Call = _event,
    };

    private void Refused(RingSetup ring, string why)
    {
        VhostUserResult result = _backEnd.FrontEnd.StartRing(ring);
        Assert.Equal(VhostUserFailure.Refused, result.Failure);
        Assert.Contains("not sent: ", result.ToString(), StringComparison.Ordinal);
        Assert.Contains(why, result.ToString(), StringComparison.Ordinal);
        Assert.Empty(_backEnd.Messages);
    }
}
