using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.VirtioMmio;

/// <summary>QueueNotify, InterruptStatus and InterruptACK.</summary>
public sealed class NotifyAndInterruptTests
{
    private readonly TestDevice _device = new();

    [Fact]
    public void QueueNotify_kicks_the_queue_that_it_names()
    {
        _device.Run();
        _device.Write(MmioRegister.QueueNotify, 1);
        _device.Write(MmioRegister.QueueNotify, 0);
        Assert.Equal([1, 0], _device.Owner.Kicks);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0x1_0000)]
    [InlineData(0x8000_0000)]
    [InlineData(uint.MaxValue)]
    public void QueueNotify_of_a_queue_that_does_not_exist_is_ignored(uint queue)
    {
        _device.Run();
        _device.Write(MmioRegister.QueueNotify, queue);
        Assert.Empty(_device.Owner.Kicks);
    }

    [Fact]
    public void QueueNotify_before_DRIVER_OK_is_ignored()
    {
        _device.Negotiate();
        _device.MakeReady(0);
        _device.Write(MmioRegister.QueueNotify, 0);
        Assert.Empty(_device.Owner.Kicks);
    }

    [Fact]
    public void QueueNotify_gets_through_while_another_queue_is_being_stopped()
    {
        _device.Run();
        _device.WriteHeld(MmioRegister.QueueReady, 0);
        _device.Write(MmioRegister.QueueNotify, 1);
        Assert.Equal([1], _device.Owner.Kicks);
    }

    [Fact]
    public void InterruptStatus_shows_what_happened_until_it_is_acknowledged()
    {
        _device.Registers.SetInterruptStatus(InterruptBits.UsedBuffer);
        Assert.Equal(1u, _device.Read(MmioRegister.InterruptStatus));
        _device.Registers.SetInterruptStatus(InterruptBits.ConfigChange);
        Assert.Equal(3u, _device.Read(MmioRegister.InterruptStatus));
        _device.Write(MmioRegister.InterruptAck, InterruptBits.UsedBuffer);
        Assert.Equal(2u, _device.Read(MmioRegister.InterruptStatus));
        _device.Write(MmioRegister.InterruptAck, uint.MaxValue);
        Assert.Equal(0u, _device.Read(MmioRegister.InterruptStatus));
    }

    [Fact]
    public void Acknowledging_one_bit_never_loses_the_other_that_is_being_set()
    {
        using ManualResetEventSlim go = new();
        int lost = 0;
        Thread relay = new(() =>
        {
            go.Wait();
            for (int i = 0; i < 200_000; i++)
            {
                // This thread alone sets and takes away UsedBuffer: it must stand in between.
                _device.Registers.SetInterruptStatus(InterruptBits.UsedBuffer);
                lost += (_device.Read(MmioRegister.InterruptStatus) & InterruptBits.UsedBuffer) == 0 ? 1 : 0;
                _device.Write(MmioRegister.InterruptAck, InterruptBits.UsedBuffer);
            }
        });
        relay.Start();
        go.Set();
        for (int i = 0; i < 200_000; i++)
        {
            _device.Registers.SetInterruptStatus(InterruptBits.ConfigChange);
            lost += (_device.Read(MmioRegister.InterruptStatus) & InterruptBits.ConfigChange) == 0 ? 1 : 0;
            _device.Write(MmioRegister.InterruptAck, InterruptBits.ConfigChange);
        }

        Assert.True(relay.Join(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, lost);
        Assert.Equal(0u, _device.Read(MmioRegister.InterruptStatus));
    }
}
