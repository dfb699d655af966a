using XenDmHost.Host.Ioreq;

namespace XenDmHost.UnitTests.Ioreq;

public sealed class MmioMapTests
{
    private const ulong LastWindow = 0xFFFF_FFFF_FFFF_FE00;
    private readonly MmioMap _map = new();

    [Theory]
    [InlineData(0x1000, 0x1000)]
    [InlineData(0x1000, 0x11FF)]
    [InlineData(0x1000, 0x0E01)]
    [InlineData(LastWindow, LastWindow)]
    [InlineData(LastWindow, LastWindow - 0x1FF)]
    public void Windows_that_overlap_are_refused_and_the_one_in_the_way_is_named(ulong first, ulong second)
    {
        RecordingDevice there = new(first);
        Assert.Null(_map.TryAdd(there));
        Assert.Same(there, _map.TryAdd(new RecordingDevice(second)));
    }

    [Theory]
    [InlineData(0x1000, 0x1200)]
    [InlineData(0x1000, 0x0E00)]
    [InlineData(0, LastWindow)]
    [InlineData(LastWindow, LastWindow - 0x200)]
    public void Neighbours_do_not_overlap(ulong first, ulong second)
    {
        RecordingDevice a = new(first);
        RecordingDevice b = new(second);
        Assert.Null(_map.TryAdd(a));
        Assert.Null(_map.TryAdd(b));
        Assert.Same(a, _map.Find(first + 0x1FF, 1));
        Assert.Same(b, _map.Find(second + 0x1FC, 4));
    }

    [Fact]
    public void A_window_is_free_again_after_its_device_is_removed()
    {
        RecordingDevice first = new(0x1000);
        _map.TryAdd(first);
        _map.Remove(first);
        Assert.Null(_map.Find(0x1000, 4));
        Assert.Null(_map.TryAdd(new RecordingDevice(0x1100)));
    }
}
