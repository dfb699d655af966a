using XenDmHost.Host.Hypervisor.Xen;
using XenDmHost.UnitTests.Ioreq;

namespace XenDmHost.UnitTests.Hypervisor;

/// <summary>When an ioreq server may be destroyed: when no vCPU waits in it, and none has an answer still to take.</summary>
public sealed class IoreqSlotsTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    public void A_slot_is_free_in_the_state_NONE_alone(int state, bool free)
    {
        using TestPage page = new();
        page.SetState(TestPage.Vcpus - 1, state);
        page.Slot(0).Flags = 0x20;
        Assert.Equal(free, IoreqSlots.AreFree(page.Memory, TestPage.Vcpus));
    }

    [Fact]
    public void What_stands_behind_the_last_slot_is_no_slot()
    {
        using TestPage page = new();
        page.SetState(TestPage.Vcpus - 1, 1);
        Assert.True(IoreqSlots.AreFree(page.Memory, TestPage.Vcpus - 1));
    }
}
