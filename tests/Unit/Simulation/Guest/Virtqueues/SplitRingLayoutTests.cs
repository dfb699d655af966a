using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.UnitTests.Simulation.Guest.Virtqueues;

/// <summary>virtio 1.2, 2.7: sizes and alignment of the three areas, and the event fields behind the rings.</summary>
public sealed class SplitRingLayoutTests
{
    public static TheoryData<int> Sizes => [1, 2, 4, 64, 128, 256, 1024, 32768];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_areas_have_the_alignment_and_room_that_the_specification_demands(int size)
    {
        var layout = new SplitRingLayout(size);

        Assert.Equal(0, layout.DescriptorsOffset % 16);
        Assert.Equal(0, layout.AvailableOffset % 2);
        Assert.Equal(0, layout.UsedOffset % 4);
        Assert.True(layout.AvailableOffset - layout.DescriptorsOffset >= 16 * size);
        Assert.True(layout.UsedOffset - layout.AvailableOffset >= 6 + (2 * size));
        Assert.True(layout.TotalBytes - layout.UsedOffset >= 6 + (8 * size));
    }

    [Fact]
    public void The_event_fields_lie_behind_the_last_entry()
    {
        var layout = new SplitRingLayout(64);

        Assert.Equal(layout.AvailableOffset + 4 + (2 * 64), layout.UsedEventOffset);
        Assert.Equal(layout.UsedOffset + 4 + (8 * 64), layout.AvailableEventOffset);
    }

    [Fact]
    public void Entries_wrap_at_the_size_of_the_queue()
    {
        var layout = new SplitRingLayout(64);

        Assert.Equal(layout.AvailableEntryOffset(3), layout.AvailableEntryOffset(67));
        Assert.Equal(layout.AvailableOffset + 4 + 6, layout.AvailableEntryOffset(3));
        Assert.Equal(layout.UsedOffset + 4 + (8 * 63), layout.UsedElementOffset(ushort.MaxValue));
    }
}
