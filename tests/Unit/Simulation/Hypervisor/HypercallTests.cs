using System.Buffers.Binary;
using XenDmHost.Simulation.Hypervisor;
using XenDmHost.Simulation.Native;
using XenDmHost.UnitTests.Simulation.Fakes;

namespace XenDmHost.UnitTests.Simulation.Hypervisor;

/// <summary>docs/simulated-platform.md, call by call, over the socket.</summary>
public sealed class HypercallTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TestPlatform _platform = new(banks: 2, vcpus: 3);
    private readonly HypercallClient _client;
    private UnixSocket? _events;

    public HypercallTests() => _client = _platform.Connect();

    public void Dispose()
    {
        _client.Dispose();
        _events?.Dispose();
        _platform.Dispose();
    }

    [Fact]
    public void The_domain_has_its_banks_and_vcpus()
    {
        var answer = _client.Must(HypercallOp.GetDomain).Answer;

        Assert.Equal((2UL, 3UL), (answer.V0, answer.V1));
    }

    [Fact]
    public void Banks_lie_where_an_Arm_guest_has_them_in_one_sealed_file()
    {
        var (first, ram) = _client.Must(HypercallOp.GetBank, 0);
        var second = _client.Must(HypercallOp.GetBank, 1).Answer;

        Assert.Equal((0x40000000UL, 8UL << 20, 0UL), (first.V0, first.V1, first.V2));
        Assert.Equal((0x200000000UL, 8UL << 20, 8UL << 20), (second.V0, second.V1, second.V2));
        Assert.Equal(16 << 20, Memfd.Size(ram!));
        Assert.Equal(1, Memfd.TryResize(ram!, 0)); // EPERM
        Assert.Equal(HypercallError.Invalid, _client.Error(HypercallOp.GetBank, 2));
    }

    [Fact]
    public void Another_domid_is_ESRCH_and_an_unknown_call_ENOSYS()
    {
        using var other = new HypercallClient(Path.Combine(_platform.Options.Directory, "hypervisor.sock"), 8);

        Assert.Equal(HypercallError.NoSuchDomain, other.Error(HypercallOp.GetDomain));
        Assert.Equal(HypercallError.NotImplemented, _client.Error((HypercallOp)99));
        Assert.Equal(HypercallError.NotImplemented, _client.Error(0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_packet_of_another_length_closes_the_connection(int length) =>
        Assert.True(_client.IsClosedAfter(new byte[length]));

    [Fact]
    public void The_ninth_server_is_ENOSPC()
    {
        for (var id = 0UL; id < 8; id++)
        {
            Assert.Equal(id, _client.Must(HypercallOp.CreateIoreqServer).Answer.V0);
        }

        Assert.Equal(HypercallError.NoSpace, _client.Error(HypercallOp.CreateIoreqServer));
    }

    [Fact]
    public void A_successor_finds_the_server_with_its_page_and_ranges()
    {
        var page = Enabled(out var server);
        page.WriteU64(8, 0x1234);
        _client.Must(HypercallOp.MapIoRange, server, 0x1000, 0x11ff);
        _client.Dispose();

        using var successor = _platform.Connect();
        var adopted = Mapping.Map(successor.Must(HypercallOp.MapIoreqPage, server).Fd!, 0, 4096, writable: true);

        Assert.Equal(0x1234UL, adopted.ReadU64(8));
        Assert.Equal(0, successor.Error(HypercallOp.GetIoreqServerInfo, server));
        Assert.Equal(HypercallError.NoEntry, successor.Error(HypercallOp.GetIoreqServerInfo, 1));
        Assert.Equal(HypercallError.Exists, successor.Error(HypercallOp.MapIoRange, server, 0x1000, 0x11ff));
    }

    [Fact]
    public void Ranges_are_unmapped_exactly_or_not_at_all()
    {
        Enabled(out var server);
        _client.Must(HypercallOp.MapIoRange, server, 0x1000, 0x11ff);

        Assert.Equal(HypercallError.NoEntry, _client.Error(HypercallOp.UnmapIoRange, server, 0x1000, 0x11fe));
        Assert.Equal(0, _client.Error(HypercallOp.UnmapIoRange, server, 0x1000, 0x11ff));
        Assert.Equal(HypercallError.NoEntry, _client.Error(HypercallOp.UnmapIoRange, server, 0x1000, 0x11ff));
        Assert.Equal(HypercallError.Invalid, _client.Error(HypercallOp.MapIoRange, server, 2, 1));
    }

    [Fact]
    public void A_bound_port_is_pending_at_once_and_is_EINVAL_to_bind_again()
    {
        var port = Enabled(out _).ReadU32(24);
        var events = OpenEvents();

        var local = _client.Must(HypercallOp.BindInterdomain, port).Answer.V0;

        Assert.Equal((uint)local, ReadPort(events));
        Assert.Equal(HypercallError.Invalid, _client.Error(HypercallOp.BindInterdomain, port));
        Assert.Equal(HypercallError.Invalid, _client.Error(HypercallOp.BindInterdomain, 9999));
    }

    [Fact]
    public void Ports_belong_to_the_connection_and_are_free_again_when_it_closes()
    {
        var port = Enabled(out _).ReadU32(24);
        OpenEvents();
        _client.Must(HypercallOp.BindInterdomain, port);
        _client.Dispose();

        using var successor = _platform.Connect();
        var events = UnixSocket.From(successor.Must(HypercallOp.OpenEventChannels).Fd!);
        var local = successor.Must(HypercallOp.BindInterdomain, port).Answer.V0;

        Assert.Equal((uint)local, ReadPort(events));
    }

    [Fact]
    public void Binding_before_the_event_fd_is_open_is_EBADF()
    {
        var port = Enabled(out _).ReadU32(24);

        Assert.Equal(HypercallError.BadDescriptor, _client.Error(HypercallOp.BindInterdomain, port));
        Assert.Equal(HypercallError.BadDescriptor, _client.Error(HypercallOp.BindWakeUp));
    }

    [Fact]
    public void A_wake_up_port_is_pending_when_its_counter_is_written()
    {
        var events = OpenEvents();
        var (answer, fd) = _client.Must(HypercallOp.BindWakeUp);
        Assert.False(Poller.WaitReadable(events.Fd, TimeSpan.Zero));

        EventFd.From(fd!).TryAdd(1);

        Assert.Equal((uint)answer.V0, ReadPort(events));
    }

    [Fact]
    public void A_wake_up_while_the_port_is_masked_comes_when_it_is_written_back()
    {
        var events = OpenEvents();
        var (answer, fd) = _client.Must(HypercallOp.BindWakeUp);
        var counter = EventFd.From(fd!);
        counter.TryAdd(1);
        var port = ReadPort(events);
        counter.TryAdd(1);
        WaitUntilTaken(counter);
        Assert.False(Poller.WaitReadable(events.Fd, TimeSpan.Zero));

        events.Send(BitConverter.GetBytes(port));

        Assert.Equal((uint)answer.V0, ReadPort(events));
    }

    [Fact]
    public void Unbinding_a_port_that_is_not_ours_is_ENOTCONN()
    {
        OpenEvents();
        var port = _client.Must(HypercallOp.BindWakeUp).Answer.V0;

        Assert.Equal(HypercallError.NotConnected, _client.Error(HypercallOp.Unbind, port + 1));
        Assert.Equal(0, _client.Error(HypercallOp.Unbind, port));
        Assert.Equal(HypercallError.NotConnected, _client.Error(HypercallOp.Unbind, port));
    }

    [Fact]
    public void An_interrupt_below_32_is_EINVAL_and_others_are_edges()
    {
        Assert.Equal(HypercallError.Invalid, _client.Error(HypercallOp.OpenIrq, 31));
        var irq = EventFd.From(_client.Must(HypercallOp.OpenIrq, 33).Fd!);
        var line = _platform.Platform.Domain.Interrupt(33)!;

        irq.TryAdd(1);
        irq.TryAdd(1);

        Assert.True(line.Wait(Limit));
        Assert.False(line.Wait(TimeSpan.Zero));
    }

    private Mapping Enabled(out ulong server)
    {
        server = _client.Must(HypercallOp.CreateIoreqServer).Answer.V0;
        var page = Mapping.Map(_client.Must(HypercallOp.MapIoreqPage, server).Fd!, 0, 4096, writable: true);
        Assert.Equal(0u, page.ReadU32(24));
        _client.Must(HypercallOp.SetIoreqServerState, server, 1);
        Assert.NotEqual(0u, page.ReadU32(24));
        return page;
    }

    /// <summary>Kept with the test: were it collected in the middle, its ports would be unbound.</summary>
    private UnixSocket OpenEvents() => _events = UnixSocket.From(_client.Must(HypercallOp.OpenEventChannels).Fd!);

    private static uint ReadPort(UnixSocket events)
    {
        Assert.True(Poller.WaitReadable(events.Fd, Limit), "no event");
        var number = new byte[4];
        Assert.Equal(4, events.Receive(number, []).Bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(number);
    }

    private static void WaitUntilTaken(EventFd counter)
    {
        var deadline = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        while (Poller.WaitReadable(counter.Fd, TimeSpan.Zero))
        {
            Assert.True(Environment.TickCount64 < deadline, "the wake-up was not taken");
        }
    }
}
