using XenDmHost.Host.Ioreq;

namespace XenDmHost.UnitTests.Ioreq;

/// <summary>Slots that the kernel's ioeventfd works on too. The test plays the kernel, which never asks anybody.</summary>
public sealed class SharedSlotsTests : IDisposable
{
    private const ulong Window = 0x0200_0000, Notify = Window + 0x50;
    private const ulong Queue = 1;
    private static readonly uint[] Ports = [100, 101, 102, 103];
    private readonly TestPage _page = new();
    private readonly FakeEventChannels _channels = new();
    private readonly MmioMap _map = new();
    private readonly RecordingDevice _device = new(Window) { KernelsKick = Queue };
    private readonly SharedSlots _shared = new(TestPage.Vcpus, () => { }) { IsShared = true };
    private readonly IoreqDispatcher _dispatcher;

    public SharedSlotsTests()
    {
        _map.TryAdd(_device);
        _dispatcher = new IoreqDispatcher(_page.Page, _channels, _map, Ports, _shared);
    }

    public void Dispose()
    {
        _shared.Dispose();
        _page.Dispose();
    }

    [Fact]
    public void A_kick_that_is_the_kernels_is_left_to_it()
    {
        Kick(vcpu: 1);
        Assert.Equal(IoreqState.Ready, _page.State(1));
        _page.SetState(1, IoreqState.ResponseReady);
        _dispatcher.LookAgain();
        _page.SetState(1, IoreqState.None);
        _dispatcher.LookAgain();
        Assert.Empty(_device.Accesses);
        Assert.False(_shared.IsAnyLeft);
        Assert.Equal(0, _channels.NotificationsOf(Ports[1]));
    }

    [Theory]
    [InlineData(Notify, 4, Queue + 1)]
    [InlineData(Notify + 4, 4, Queue)]
    [InlineData(Notify, 2, Queue)]
    public void Whatever_else_is_written_is_answered_here_and_at_once(ulong address, uint width, ulong value)
    {
        _page.Ask(0, address, width, read: false, value);
        Event(0);
        Assert.Equal(IoreqState.ResponseReady, _page.State(0));
        Assert.Single(_device.Accesses);
    }

    [Fact]
    public void Without_any_route_of_the_kernel_nothing_is_left()
    {
        _shared.IsShared = false;
        Kick(vcpu: 0);
        Assert.Equal(IoreqState.ResponseReady, _page.State(0));
    }

    [Fact]
    public void A_kick_from_before_the_kernel_knew_is_answered_here_after_two_more_looks()
    {
        Kick(vcpu: 2);
        _dispatcher.LookAgain();
        Assert.Equal(IoreqState.Ready, _page.State(2));
        _dispatcher.LookAgain();
        Assert.Equal(IoreqState.ResponseReady, _page.State(2));
        Assert.Equal([(2, 0x50u, 4, Queue)], _device.Accesses);
        Assert.Equal(1, _dispatcher.Counters.TakenFromKernel);
        Assert.False(_shared.IsAnyLeft);
    }

    [Fact]
    public void A_vCPU_that_goes_on_is_never_taken_from_the_kernel_however_often_it_is_found_in_the_middle()
    {
        for (int kick = 0; kick < 10; kick++)
        {
            Kick(vcpu: 0);
            _dispatcher.LookAgain();
            _page.SetState(0, IoreqState.ResponseReady);
        }

        Assert.Empty(_device.Accesses);
    }

    [Fact]
    public void A_request_that_the_kernel_held_for_a_moment_and_gave_back_is_not_lost()
    {
        _page.Ask(3, Window + 0x70, 4, read: false, data: 1);
        Event(3);
        _page.SetState(3, IoreqState.None);
        _page.Ask(3, Window + 0x70, 4, read: false, data: 2);
        _page.SetState(3, IoreqState.InProcess);
        Event(3);
        for (int look = 0; look < 5; look++)
        {
            _dispatcher.LookAgain();
            Assert.Equal(IoreqState.InProcess, _page.State(3));
        }

        _page.SetState(3, IoreqState.Ready);
        _dispatcher.LookAgain();
        Assert.Equal(IoreqState.ResponseReady, _page.State(3));
        Assert.Equal([1u, 2u], _device.Accesses.Select(access => access.Written!.Value));
    }

    [Fact]
    public void What_a_device_of_ours_holds_is_not_the_kernels()
    {
        _device.Hold = true;
        _page.Ask(0, Window + 0x70, 4, read: false);
        Event(0);
        Assert.Equal(IoreqState.InProcess, _page.State(0));
        Event(0);
        Assert.False(_shared.IsAnyLeft);
        _dispatcher.Complete(0, null);
        Assert.Equal(IoreqState.ResponseReady, _page.State(0));
    }

    [Fact]
    public void When_the_kernel_carries_the_queue_no_more_what_was_left_is_answered()
    {
        Kick(vcpu: 0);
        _device.KernelsKick = null;
        _dispatcher.LookAgain();
        Assert.Equal(IoreqState.ResponseReady, _page.State(0));
        Assert.Equal(0, _dispatcher.Counters.TakenFromKernel);
    }

    [Fact]
    public void The_loop_looks_again_by_itself()
    {
        using IoreqLoop loop = new(_channels, _page.Page, _map, "test", _ => { });
        loop.ShareSlots();
        loop.Start();
        loop.Synchronize();
        _page.Ask(0, Notify, 4, read: false, Queue);
        uint port = loop.LocalPorts[0];
        _channels.Raise(port);
        _channels.WaitForNotifications(port, 1);
        Assert.Equal(IoreqState.ResponseReady, _page.State(0));
    }

    private void Kick(int vcpu)
    {
        _page.Ask(vcpu, Notify, 4, read: false, Queue);
        Event(vcpu);
    }

    private void Event(int vcpu)
    {
        _shared.Event(vcpu);
        _dispatcher.Serve(vcpu);
    }
}
