using XenDmHost.Host.Ioreq;

namespace XenDmHost.UnitTests.Ioreq;

/// <summary>The states of a slot: READY is taken as INPROCESS and answered as RESP_READY, and nothing else is touched.</summary>
public sealed class IoreqPageTests : IDisposable
{
    private readonly TestPage _page = new();

    [Fact]
    public void A_ready_request_is_taken_and_becomes_INPROCESS()
    {
        _page.Ask(2, 0x1000, 4, read: false, data: 7);
        Assert.True(_page.Page.TryTake(2, out IoreqSlot request));
        Assert.Equal((0x1000ul, 7ul, 4u), (request.Address, request.Data, request.ItemSize));
        Assert.Equal(IoreqState.InProcess, _page.State(2));
        Assert.Equal(IoreqState.None, _page.State(1));
    }

    [Theory]
    [InlineData(IoreqState.None)]
    [InlineData(IoreqState.ResponseReady)]
    [InlineData(15)]
    public void Any_other_state_is_no_request_and_stays(int state)
    {
        _page.SetState(0, state);
        Assert.False(_page.Page.TryTake(0, out _));
        Assert.Equal(state, _page.State(0));
    }

    [Fact]
    public void INPROCESS_at_the_first_look_was_left_by_a_predecessor_and_is_taken()
    {
        _page.Ask(0, 0x1000, 4, read: true);
        _page.SetState(0, IoreqState.InProcess);
        Assert.True(_page.Page.TryTake(0, out IoreqSlot request));
        Assert.Equal(0x1000u, request.Address);
        Assert.False(_page.Page.TryTake(0, out _));
    }

    [Fact]
    public void INPROCESS_after_the_first_look_is_held_by_a_device_of_ours()
    {
        Assert.False(_page.Page.TryTake(0, out _));
        _page.SetState(0, IoreqState.InProcess);
        Assert.False(_page.Page.TryTake(0, out _));
    }

    [Fact]
    public void Each_vCPU_has_its_own_first_look()
    {
        Assert.False(_page.Page.TryTake(0, out _));
        _page.SetState(1, IoreqState.InProcess);
        Assert.True(_page.Page.TryTake(1, out _));
    }

    [Fact]
    public void An_answer_to_a_read_carries_the_data_and_RESP_READY()
    {
        _page.Ask(1, 0x1000, 4, read: true);
        _page.Page.TryTake(1, out _);
        _page.Page.Answer(1, 0x1234);
        Assert.Equal(0x1234u, _page.Slot(1).Data);
        Assert.Equal(IoreqState.ResponseReady, _page.State(1));
        Assert.True(_page.Page.IsAnswered(1));
        Assert.False(_page.Page.IsAnswered(0));
    }

    [Fact]
    public void An_answer_to_a_write_leaves_the_data()
    {
        _page.Ask(1, 0x1000, 4, read: false, data: 99);
        _page.Page.TryTake(1, out _);
        _page.Page.Answer(1, null);
        Assert.Equal(99u, _page.Slot(1).Data);
        Assert.Equal(IoreqState.ResponseReady, _page.State(1));
    }

    [Fact]
    public void The_other_flags_and_fields_stay_as_the_hypervisor_wrote_them()
    {
        _page.Ask(3, 0x1000, 4, read: true, count: 2, moreFlags: 0x50);
        IoreqSlot before = _page.Slot(3);
        _page.Page.TryTake(3, out _);
        _page.Page.Answer(3, before.Data);
        before.Flags = 0x70 | IoreqState.ResponseReady;
        Assert.Equal(before, _page.Slot(3));
    }

    [Fact]
    public void The_ports_of_the_vCPUs_are_read_from_their_slots() =>
        Assert.Equal([40u, 41u, 42u, 43u], Enumerable.Range(0, TestPage.Vcpus).Select(_page.Page.VpEport));

    public void Dispose() => _page.Dispose();
}
