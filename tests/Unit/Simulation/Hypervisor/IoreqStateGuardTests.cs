using XenDmHost.Simulation.Hypervisor;

namespace XenDmHost.UnitTests.Simulation.Hypervisor;

public sealed class IoreqStateGuardTests
{
    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(1, 2, true)]
    [InlineData(1, 3, true)]
    [InlineData(2, 2, true)]
    [InlineData(2, 3, true)]
    [InlineData(2, 1, false)]
    [InlineData(1, 0, false)]
    [InlineData(2, 0, false)]
    [InlineData(1, 4, false)]
    [InlineData(2, 15, false)]
    public void A_state_may_only_move_forward_to_a_known_one(byte last, byte seen, bool legal) =>
        Assert.Equal(legal, IoreqStateGuard.IsLegal((IoreqState)last, (IoreqState)seen));
}
