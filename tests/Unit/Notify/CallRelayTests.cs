using XenDmHost.Host.Native;
using XenDmHost.Host.Notify;

namespace XenDmHost.UnitTests.Notify;

/// <summary>Back-end's call eventfd to guest's interrupt, with real eventfds.</summary>
public sealed class CallRelayTests : IDisposable
{
    private readonly CallRelay _relay = new("test");
    private readonly SignalCounter _target = new();
    private readonly EventFd _call = EventFd.Create();
    private readonly EventFd _other = EventFd.Create();

    [Fact]
    public void Each_call_is_told_without_the_eventfd_being_read()
    {
        _relay.AddCall(_call, _target, 3);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(0, _call.TrySignal());
            _target.WaitForOne();
        }

        Assert.Equal([3, 3, 3, 3, 3], _target.Calls);
        Assert.Equal(5ul, Eventfds.Take(_call));
    }

    [Fact]
    public void A_call_that_came_before_the_route_is_told_too()
    {
        _call.TrySignal();
        _relay.AddCall(_call, _target, 0);
        _target.WaitForOne();
        Assert.Equal([0], _target.Calls);
    }

    [Fact]
    public void A_back_end_that_empties_its_eventfd_or_makes_it_block_cannot_hold_the_relay()
    {
        _relay.AddCall(_call, _target, 0);
        _relay.AddCall(_other, _target, 1);
        Eventfds.MakeBlocking(_call);
        _call.TrySignal();
        _target.WaitForOne();
        Eventfds.Take(_call);
        _other.TrySignal();
        _target.WaitForOne();
        Assert.Equal([0, 1], _target.Calls);
    }

    [Fact]
    public void A_ring_error_is_told_as_one()
    {
        _relay.AddError(_call, _target, 2);
        _call.TrySignal();
        _target.WaitForOne();
        Assert.Equal([2], _target.Errors);
        Assert.Empty(_target.Calls);
    }

    [Fact]
    public void A_route_that_was_removed_tells_nothing()
    {
        int route = _relay.AddCall(_call, _target, 0);
        _relay.AddCall(_other, _target, 1);
        _relay.Remove(route);
        _call.TrySignal();
        _other.TrySignal();
        _target.WaitForOne();
        Assert.Equal([1], _target.Calls);
    }

    [Fact]
    public void A_signal_of_a_removed_route_is_not_taken_for_one_of_the_route_in_its_place()
    {
        using SignalCounter blocker = new();
        using SignalCounter successor = new();
        using EventFd first = EventFd.Create();
        using EventFd fresh = EventFd.Create();
        _relay.AddCall(first, blocker, 0);
        _relay.AddCall(_other, blocker, 1);
        int route = _relay.AddCall(_call, _target, 2);

        // While the relay is kept in the first signal, two more arrive: it will take them out of epoll together.
        blocker.KeepCalls();
        first.TrySignal();
        blocker.WaitForOne();
        _other.TrySignal();
        _call.TrySignal();
        blocker.LetGo();
        blocker.WaitForOne();

        // It is kept in the second one. The third is on its way while its route makes room for another device's.
        _relay.Remove(route);
        Assert.Equal(route, _relay.AddError(fresh, successor, 7));
        blocker.LetGo();
        first.TrySignal();
        blocker.WaitForOne();
        blocker.LetGo();
        Assert.Empty(successor.Errors);
    }

    [Fact]
    public void There_is_room_for_the_queues_of_many_devices()
    {
        List<EventFd> calls = [.. Enumerable.Range(0, 100).Select(_ => EventFd.Create())];
        calls.ForEach(call => _relay.AddCall(call, _target, calls.IndexOf(call)));
        foreach (EventFd call in calls)
        {
            call.TrySignal();
            _target.WaitForOne();
        }

        Assert.Equal(Enumerable.Range(0, 100), _target.Calls);
        calls.ForEach(call => call.Dispose());
    }

    public void Dispose()
    {
        _relay.Dispose();
        _target.Dispose();
        _call.Dispose();
        _other.Dispose();
    }
}
