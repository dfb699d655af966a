using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.VirtioMmio;

/// <summary>How one queue is stopped: QueueReady = 0, and QueueReset where RING_RESET is negotiated.</summary>
public sealed class QueueStopTests
{
    private readonly TestDevice _device = new();

    [Fact]
    public void QueueReady_0_of_a_running_queue_is_held_until_its_ring_is_stopped()
    {
        _device.Run();
        _device.WriteHeld(MmioRegister.QueueReady, 0, vcpu: 2);
        Assert.Equal(new DeviceCommand(DeviceCommandKind.StopQueue, Vcpu: 2, Queue: 0), _device.Take());
        Assert.Equal(1u, _device.Read(MmioRegister.QueueReady));
        _device.Registers.FinishStopQueue(0);
        Assert.Equal(0u, _device.Read(MmioRegister.QueueReady));
    }

    [Fact]
    public void A_stopped_queue_keeps_its_registers_and_can_be_started_again()
    {
        _device.Run();
        _device.WriteHeld(MmioRegister.QueueReady, 0);
        _device.Take();
        _device.Registers.FinishStopQueue(0);
        _device.Write(MmioRegister.QueueReady, 1);
        Assert.Equal(new DeviceCommand(DeviceCommandKind.StartQueue, Queue: 0), _device.Take());
        Assert.Equal(64u, _device.Registers.Queue(0).Size);
    }

    [Fact]
    public void QueueReady_0_is_done_at_once_where_nothing_runs()
    {
        _device.Negotiate();
        _device.MakeReady(0);
        _device.Write(MmioRegister.QueueReady, 0);
        Assert.Equal(0u, _device.Read(MmioRegister.QueueReady));
        _device.MakeReady(0);
        _device.SetDriverOk();
        _device.Take();
        _device.Write(MmioRegister.QueueSel, 1);
        _device.Write(MmioRegister.QueueReady, 0);
        Assert.True(_device.Registers.Commands.IsEmpty);
    }

    [Fact]
    public void QueueReset_is_not_held_and_reads_1_until_the_ring_is_stopped()
    {
        _device.Run();
        _device.Write(MmioRegister.QueueReset, 1);
        Assert.Equal(new DeviceCommand(DeviceCommandKind.ResetQueue, Queue: 0), _device.Take());
        Assert.Equal(1u, _device.Read(MmioRegister.QueueReset));
        Assert.Equal(1u, _device.Read(MmioRegister.QueueReady));
        _device.Registers.FinishResetQueue(0);
        Assert.Equal(0u, _device.Read(MmioRegister.QueueReset));
        Assert.Equal(0u, _device.Read(MmioRegister.QueueReady));
        Assert.Equal(default, _device.Registers.Queue(0));
    }

    [Fact]
    public void A_queue_can_be_set_up_anew_after_QueueReset()
    {
        _device.Run();
        _device.Write(MmioRegister.QueueReset, 1);
        _device.Take();
        _device.Registers.FinishResetQueue(0);
        _device.MakeReady(0);
        Assert.Equal(DeviceCommandKind.StartQueue, _device.Take().Kind);
    }

    [Fact]
    public void QueueReset_of_a_queue_that_does_not_run_clears_it_at_once()
    {
        _device.Negotiate();
        _device.MakeReady(1);
        _device.Write(MmioRegister.QueueReset, 1);
        Assert.Equal(default, _device.Registers.Queue(1));
        Assert.True(_device.Registers.Commands.IsEmpty);
    }

    [Fact]
    public void QueueReset_without_RING_RESET_is_ignored()
    {
        _device.Negotiate(VirtioFeature.Version1);
        _device.MakeReady(0);
        _device.SetDriverOk();
        _device.Take();
        _device.Write(MmioRegister.QueueReset, 1);
        Assert.Equal(0u, _device.Read(MmioRegister.QueueReset));
        Assert.Equal(1u, _device.Read(MmioRegister.QueueReady));
        Assert.True(_device.Registers.Commands.IsEmpty);
    }

    [Fact]
    public void A_reset_of_the_device_during_QueueReset_is_held_and_clears_all()
    {
        _device.Run();
        _device.Write(MmioRegister.QueueReset, 1);
        _device.WriteHeld(MmioRegister.Status, 0);
        Assert.Equal(DeviceCommandKind.ResetQueue, _device.Take().Kind);
        _device.Registers.FinishResetQueue(0);
        Assert.Equal(DeviceCommandKind.Reset, _device.Take().Kind);
        _device.Registers.FinishReset();
        Assert.Equal(0u, _device.Status);
        _device.Run();
    }
}
