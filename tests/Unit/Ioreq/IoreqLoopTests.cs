using XenDmHost.Host.Ioreq;

namespace XenDmHost.UnitTests.Ioreq;

/// <summary>The thread that answers a guest: what it finds at its start, the order of its work, how it ends.</summary>
public sealed class IoreqLoopTests : IDisposable
{
    private const ulong Window = 0x0200_0000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    // The wake-up port is bound first, then one port per vCPU.
    private const uint PortOfVcpu0 = FakeEventChannels.FirstPort + 1;
    private readonly TestPage _page = new();
    private readonly FakeEventChannels _channels = new();
    private readonly RecordingDevice _device = new(Window);
    private readonly MmioMap _map = new();

    public IoreqLoopTests() => _map.TryAdd(_device);

    [Fact]
    public void Each_vCPU_is_bound_to_the_port_in_its_slot()
    {
        using IoreqLoop loop = Create(_ => { });
        Assert.Equal([40u, 41u, 42u, 43u], Enumerable.Range(0, TestPage.Vcpus).Select(i => _channels.RemoteOf(PortOfVcpu0 + (uint)i)));
    }

    [Fact]
    public void What_a_predecessor_left_is_served_at_the_start()
    {
        _page.Ask(0, Window, 4, read: true);
        _page.Ask(1, Window + 4, 4, read: true);
        _page.SetState(1, IoreqState.InProcess);
        _page.SetState(2, IoreqState.ResponseReady);
        using IoreqLoop loop = Create(_ => { });
        loop.Start();
        for (uint vcpu = 0; vcpu < 3; vcpu++)
        {
            _channels.WaitForNotifications(PortOfVcpu0 + vcpu, 1);
            Assert.Equal(IoreqState.ResponseReady, _page.State((int)vcpu));
        }

        Assert.Equal([0u, 4u], _device.Accesses.Select(access => access.Offset).Order());
    }

    [Fact]
    public void An_answer_is_given_before_the_port_is_unmasked()
    {
        using IoreqLoop loop = Create(_ => { });
        loop.Start();
        loop.Synchronize();
        bool masked = false;
        int state = IoreqState.None;
        _channels.Notified = port =>
        {
            masked = _channels.IsMasked(port);
            state = _page.State(0);
        };
        _page.Ask(0, Window, 4, read: true);
        _channels.Raise(PortOfVcpu0);
        _channels.WaitForNotifications(PortOfVcpu0, 1);
        loop.Synchronize();
        Assert.True(masked);
        Assert.Equal(IoreqState.ResponseReady, state);
        Assert.False(_channels.IsMasked(PortOfVcpu0));
    }

    [Fact]
    public void Synchronize_returns_after_the_request_that_is_being_served()
    {
        using ManualResetEventSlim inNotify = new();
        using ManualResetEventSlim goOn = new();
        using IoreqLoop loop = Create(_ => { });
        loop.Start();
        loop.Synchronize();
        _channels.Notified = _ =>
        {
            inNotify.Set();
            goOn.Wait(Limit);
        };
        _page.Ask(0, Window, 4, read: true);
        _channels.Raise(PortOfVcpu0);
        Assert.True(inNotify.Wait(Limit));
        Thread synchronize = new(() => loop.Synchronize());
        synchronize.Start();

        // If it did not wait it would be over by then; if it does, the time does not matter.
        Assert.False(synchronize.Join(TimeSpan.FromMilliseconds(100)));
        goOn.Set();
        Assert.True(synchronize.Join(Limit));
    }

    [Fact]
    public async Task Synchronize_does_not_wait_for_a_thread_that_ends_meanwhile()
    {
        using ManualResetEventSlim goOn = new();
        using IoreqLoop loop = Create(_ => { });
        loop.Start();
        Assert.True(loop.Synchronize());
        _channels.Notified = _ => goOn.Wait(Limit);
        _page.Ask(0, Window, 4, read: true);
        _channels.Raise(PortOfVcpu0);
        _channels.WaitForNotifications(PortOfVcpu0, 1);
        Task<bool> synchronized = Task.Run(loop.Synchronize);

        // The thread is in the middle of a request; when it looks again, the channels are gone and the wake-up with them.
        _channels.End(5);
        goOn.Set();
        Assert.True(await synchronized.WaitAsync(Limit));
    }

    [Fact]
    public void The_end_of_the_event_channels_is_told_with_its_errno_and_ends_the_thread()
    {
        using ManualResetEventSlim told = new();
        int errno = 0;
        using IoreqLoop loop = Create(value =>
        {
            errno = value;
            told.Set();
        });
        loop.Start();
        _channels.End(5);
        Assert.True(told.Wait(Limit));
        Assert.Equal(5, errno);
    }

    public void Dispose() => _page.Dispose();

    private IoreqLoop Create(Action<int> ended) => new(_channels, _page.Page, _map, "test", ended);
}
