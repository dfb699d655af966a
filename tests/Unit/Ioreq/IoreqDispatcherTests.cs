using XenDmHost.Host.Ioreq;

namespace XenDmHost.UnitTests.Ioreq;

/// <summary>Every request is answered or held by a device; only plain accesses inside one window reach a device.</summary>
public sealed class IoreqDispatcherTests : IDisposable
{
    private const ulong Window = 0x0200_0000;
    private static readonly uint[] Ports = [100, 101, 102, 103];
    private readonly TestPage _page = new();
    private readonly FakeEventChannels _channels = new();
    private readonly MmioMap _map = new();
    private readonly RecordingDevice _device = new(Window);
    private readonly IoreqDispatcher _dispatcher;

    public IoreqDispatcherTests()
    {
        Assert.Null(_map.TryAdd(_device));
        _dispatcher = new IoreqDispatcher(_page.Page, _channels, _map, Ports);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_read_is_answered_by_the_device(uint width)
    {
        Serve(2, Window + 0x100, width, read: true);
        Assert.Equal([(2, 0x100u, (int)width, null)], _device.Accesses);
        Assert.Equal(_device.ReadValue, _page.Slot(2).Data);
        AssertAnswered(2);
    }

    [Theory]
    [InlineData(1, 0x88)]
    [InlineData(2, 0x7788)]
    [InlineData(4, 0x5566_7788)]
    [InlineData(8, 0x1122_3344_5566_7788)]
    public void A_write_carries_as_many_bytes_as_its_width(uint width, ulong expected)
    {
        Serve(0, Window + 8, width, read: false, data: 0x1122_3344_5566_7788);
        Assert.Equal([(0, 8u, (int)width, expected)], _device.Accesses);
        Assert.Equal(0x1122_3344_5566_7788u, _page.Slot(0).Data);
        AssertAnswered(0);
    }

    [Theory]
    [InlineData(Window - 1, 1)]
    [InlineData(Window - 1, 2)]
    [InlineData(Window + 0x1FF, 2)]
    [InlineData(Window + 0x1FD, 4)]
    [InlineData(Window + 0x200, 4)]
    [InlineData(0, 4)]
    [InlineData(ulong.MaxValue, 8)]
    public void A_read_that_is_not_wholly_in_a_window_gets_all_ones(ulong address, uint width)
    {
        Serve(0, address, width, read: true);
        Assert.Empty(_device.Accesses);
        Assert.Equal(ulong.MaxValue, _page.Slot(0).Data);
        Assert.Equal(1, _dispatcher.Counters.Others);
        AssertAnswered(0);
    }

    [Fact]
    public void The_last_byte_of_a_window_belongs_to_it()
    {
        Serve(0, Window + 0x1FF, 1, read: true);
        Assert.Single(_device.Accesses);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(uint.MaxValue)]
    public void A_width_that_no_instruction_has_is_completed_without_the_device(uint width)
    {
        Serve(0, Window, width, read: true);
        Assert.Empty(_device.Accesses);
        AssertAnswered(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(uint.MaxValue)]
    public void A_repeated_access_is_completed_without_the_device(uint count)
    {
        Serve(0, Window, 4, read: true, count: count);
        Serve(1, Window, 4, read: false, data: 5, count: count, moreFlags: 0x40);
        Assert.Empty(_device.Accesses);
        Assert.Equal(5u, _page.Slot(1).Data);
        AssertAnswered(0);
        AssertAnswered(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_access_whose_data_is_in_guest_memory_is_completed_and_the_pointer_stays(bool read)
    {
        Serve(0, Window, 4, read, data: 0x4000_0000, moreFlags: 0x10);
        Assert.Empty(_device.Accesses);
        Assert.Equal(0x4000_0000u, _page.Slot(0).Data);
        AssertAnswered(0);
    }

    [Fact]
    public void The_direction_flag_means_nothing_to_a_plain_access()
    {
        Serve(0, Window, 4, read: true, moreFlags: 0x40);
        Assert.Single(_device.Accesses);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(255)]
    public void Other_types_are_completed_without_the_device(byte type)
    {
        Serve(0, Window, 4, read: false, data: 5, type: (IoreqType)type);
        Serve(1, Window, 4, read: true, type: (IoreqType)type);
        Assert.Empty(_device.Accesses);
        Assert.Equal(5u, _page.Slot(0).Data);
        Assert.Equal(ulong.MaxValue, _page.Slot(1).Data);
        Assert.Equal(2, _dispatcher.Counters.Others);
        AssertAnswered(0);
        AssertAnswered(1);
    }

    [Fact]
    public void INVALIDATE_is_completed_untouched_and_counted()
    {
        Serve(0, 0, 4, read: false, data: ulong.MaxValue, type: IoreqType.Invalidate);
        Assert.Empty(_device.Accesses);
        Assert.Equal(1, _dispatcher.Counters.Invalidates);
        AssertAnswered(0);
    }

    [Fact]
    public void A_held_access_is_answered_when_the_device_completes_it()
    {
        _device.Hold = true;
        Serve(3, Window, 4, read: true);
        Assert.Equal(IoreqState.InProcess, _page.State(3));
        Assert.Equal(0, _channels.NotificationsOf(Ports[3]));
        Assert.Equal(1, _dispatcher.Counters.Held);
        _dispatcher.Complete(3, 26);
        Assert.Equal(26u, _page.Slot(3).Data);
        AssertAnswered(3);
    }

    [Fact]
    public void A_held_access_is_not_served_twice()
    {
        _device.Hold = true;
        Serve(3, Window, 4, read: false);
        _dispatcher.Serve(3);
        Assert.Single(_device.Accesses);
    }

    [Fact]
    public void A_fault_of_our_own_is_kept_for_the_log_and_the_guest_is_answered()
    {
        _device.Fault = new InvalidOperationException("a bug");
        Serve(0, Window, 4, read: true);
        Serve(1, Window, 4, read: false);
        Assert.Same(_device.Fault, _dispatcher.FirstFault);
        Assert.Equal(2, _dispatcher.Counters.Faults);
        AssertAnswered(0);
        AssertAnswered(1);
    }

    [Fact]
    public void A_device_that_was_removed_is_not_called()
    {
        _map.Remove(_device);
        Serve(0, Window, 4, read: true);
        Assert.Empty(_device.Accesses);
        AssertAnswered(0);
    }

    public void Dispose() => _page.Dispose();

    private void Serve(
        int vcpu, ulong address, uint width, bool read, ulong data = 0, IoreqType type = IoreqType.Copy, uint count = 1, byte moreFlags = 0)
    {
        _page.Ask(vcpu, address, width, read, data, type, count, moreFlags);
        _dispatcher.Serve(vcpu);
    }

    private void AssertAnswered(int vcpu)
    {
        Assert.Equal(IoreqState.ResponseReady, _page.State(vcpu));
        Assert.Equal(1, _channels.NotificationsOf(Ports[vcpu]));
    }
}
