using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.VirtioMmio;

public sealed class CommandRingTests
{
    private const int Capacity = 1024;

    [Fact]
    public void Commands_come_out_in_the_order_in_which_they_went_in()
    {
        CommandRing ring = new();
        for (int i = 0; i < 3 * Capacity; i++)
        {
            Assert.True(ring.TryPost(new(DeviceCommandKind.StartQueue, Queue: i)));
            Assert.True(ring.TryTake(out DeviceCommand command));
            Assert.Equal(i, command.Queue);
        }

        Assert.True(ring.IsEmpty);
        Assert.False(ring.TryTake(out _));
    }

    [Fact]
    public void A_full_ring_takes_no_more_and_keeps_what_it_has()
    {
        CommandRing ring = new();
        int posted = 0;
        while (ring.TryPost(new(DeviceCommandKind.StartQueue, Queue: posted)))
        {
            posted++;
        }

        Assert.Equal(Capacity, posted);
        Assert.True(ring.TryTake(out DeviceCommand oldest));
        Assert.Equal(0, oldest.Queue);
        Assert.True(ring.TryPost(new(DeviceCommandKind.Reset)));
        Assert.False(ring.TryPost(new(DeviceCommandKind.Reset)));
    }

    [Fact]
    public void Between_two_threads_nothing_is_lost_torn_or_out_of_order()
    {
        const int Count = 200_000;
        CommandRing ring = new();
        Thread poster = new(() =>
        {
            for (int i = 0; i < Count;)
            {
                i += ring.TryPost(new(DeviceCommandKind.WriteConfig, Vcpu: i, Offset: (uint)i, Value: (ulong)i)) ? 1 : 0;
            }
        });
        poster.Start();
        int wrong = 0;
        for (int i = 0; i < Count;)
        {
            if (ring.TryTake(out DeviceCommand command))
            {
                wrong += command == new DeviceCommand(DeviceCommandKind.WriteConfig, Vcpu: i, Offset: (uint)i, Value: (ulong)i) ? 0 : 1;
                i++;
            }
        }

        Assert.True(poster.Join(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void When_the_ring_is_full_a_write_that_would_be_held_is_answered_and_the_device_needs_a_reset()
    {
        TestDevice device = new();
        device.Run();
        while (device.Registers.Commands.TryPost(new(DeviceCommandKind.StartQueue)))
        {
        }

        device.Write(MmioRegister.Status, 0);
        Assert.NotEqual(0u, device.Status & DeviceStatus.NeedsReset);
        Assert.Equal(0, device.Owner.PostedHeld);

        // No transition is left open: other registers can be written, and the next reset works as soon as there is room.
        device.Write(MmioRegister.QueueSel, 1);
        Assert.Equal(64u, device.Read(MmioRegister.QueueSizeMax));
        device.Take();
        device.WriteHeld(MmioRegister.Status, 0);
    }
}
