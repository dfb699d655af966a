using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.VirtioMmio;

/// <summary>Status = 0: at once while nothing runs, held while a back-end has the guest's memory.</summary>
public sealed class ResetTests
{
    private readonly TestDevice _device = new();

    [Fact]
    public void Before_DRIVER_OK_a_reset_is_done_at_once()
    {
        _device.Negotiate();
        _device.MakeReady(0);
        _device.Write(MmioRegister.Status, 0);
        AssertClear();
        Assert.True(_device.Registers.Commands.IsEmpty);
    }

    [Fact]
    public void While_the_device_runs_the_write_itself_is_held()
    {
        _device.Run();
        _device.WriteHeld(MmioRegister.Status, 0, vcpu: 3);
        Assert.Equal(new DeviceCommand(DeviceCommandKind.Reset, Vcpu: 3), _device.Take());
        Assert.Equal(1, _device.Owner.PostedHeld);
    }

    [Fact]
    public void Until_the_reset_is_finished_the_state_before_it_is_seen()
    {
        _device.Run();
        uint before = _device.Status;
        _device.WriteHeld(MmioRegister.Status, 0);
        Assert.Equal(before, _device.Status);
        Assert.Equal(1u, _device.Read(MmioRegister.QueueReady));
        _device.Registers.FinishReset();
        AssertClear();
    }

    [Fact]
    public void Other_writes_during_a_reset_are_ignored()
    {
        _device.Run();
        _device.WriteHeld(MmioRegister.Status, 0);
        long ignored = _device.Registers.IgnoredAccesses;
        _device.Write(MmioRegister.QueueSel, 1);
        _device.Write(MmioRegister.QueueReady, 0);
        _device.Write(MmioRegister.Status, DeviceStatus.Failed);
        Assert.Equal(ignored + 3, _device.Registers.IgnoredAccesses);
        Assert.Equal(256u, _device.Read(MmioRegister.QueueSizeMax));
        Assert.Equal(0u, _device.Status & DeviceStatus.Failed);
    }

    [Fact]
    public void A_second_reset_during_the_first_is_held_and_answered_too()
    {
        _device.Run();
        _device.WriteHeld(MmioRegister.Status, 0, vcpu: 0);
        _device.WriteHeld(MmioRegister.Status, 0, vcpu: 1);
        Assert.Equal(0, _device.Take().Vcpu);
        _device.Registers.FinishReset();
        _device.Write(MmioRegister.QueueSel, 1);
        Assert.Equal(256u, _device.Read(MmioRegister.QueueSizeMax));
        Assert.Equal(1, _device.Take().Vcpu);
        _device.Registers.FinishReset();
        _device.Write(MmioRegister.QueueSel, 1);
        Assert.Equal(64u, _device.Read(MmioRegister.QueueSizeMax));
    }

    [Fact]
    public void A_device_can_be_used_again_after_a_reset()
    {
        _device.Run();
        _device.WriteHeld(MmioRegister.Status, 0);
        _device.Take();
        _device.Registers.FinishReset();
        _device.Run();
    }

    [Fact]
    public void After_FAILED_the_reset_is_held_until_the_rings_are_stopped()
    {
        _device.Write(MmioRegister.Status, DeviceStatus.Failed);
        Assert.Equal(DeviceCommandKind.Fail, _device.Take().Kind);
        _device.WriteHeld(MmioRegister.Status, 0);
    }

    [Fact]
    public void A_reset_takes_DEVICE_NEEDS_RESET_away()
    {
        _device.Registers.SetNeedsReset();
        _device.WriteHeld(MmioRegister.Status, 0);
        Assert.Equal(DeviceCommandKind.Reset, _device.Take().Kind);
        Assert.NotEqual(0u, _device.Status & DeviceStatus.NeedsReset);
        _device.Registers.FinishReset();
        AssertClear();
    }

    [Fact]
    public void What_the_device_offers_survives_a_reset()
    {
        _device.Run();
        _device.WriteHeld(MmioRegister.Status, 0);
        _device.Registers.FinishReset();
        Assert.Equal(2u, _device.Read(MmioRegister.DeviceId));
        Assert.Equal(1u, _device.Read(MmioRegister.ConfigGeneration));
        Assert.Equal(unchecked((uint)TestDevice.Features), _device.Read(MmioRegister.DeviceFeatures));
    }

    private void AssertClear()
    {
        Assert.Equal(0u, _device.Status);
        Assert.Equal(0u, _device.Read(MmioRegister.InterruptStatus));
        Assert.Equal(0u, _device.Read(MmioRegister.QueueReady));
        Assert.Equal(0ul, _device.Registers.DriverFeatures);
        Assert.Equal(default, _device.Registers.Queue(0));
        Assert.Equal(default, _device.Registers.Queue(1));
    }
}
