using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.VirtioMmio;

/// <summary>Reads of DeviceID before the back-end is there, where the guest file lets them wait.</summary>
public sealed class HeldProbeTests
{
    private readonly TestDevice _device = new(connected: false);

    [Fact]
    public void Where_probes_are_not_held_an_empty_slot_is_read() => Assert.Equal(0u, _device.Read(MmioRegister.DeviceId));

    [Fact]
    public void A_probe_is_held_until_the_back_end_is_there()
    {
        _device.Registers.HoldProbes(true);
        Assert.False(_device.Registers.TryRead(5, MmioRegister.DeviceId, 4, out _));
        Assert.Equal(new DeviceCommand(DeviceCommandKind.AwaitBackEnd, Vcpu: 5), _device.Take());
        _device.Connect();
        Assert.Equal(2u, _device.Read(MmioRegister.DeviceId));
    }

    [Fact]
    public void A_held_probe_has_a_limit_of_its_own_and_does_not_hurry_the_back_end()
    {
        _device.Registers.HoldProbes(true);
        _device.Registers.TryRead(0, MmioRegister.DeviceId, 4, out _);
        Assert.Equal(1, _device.Owner.Posted);
        Assert.Equal(0, _device.Owner.PostedHeld);
    }

    [Fact]
    public void No_other_register_waits_for_the_back_end()
    {
        _device.Registers.HoldProbes(true);
        for (uint offset = 0; offset < MmioRegister.WindowSize; offset += 4)
        {
            if (offset != MmioRegister.DeviceId)
            {
                _device.Read(offset);
            }
        }

        Assert.True(_device.Registers.Commands.IsEmpty);
    }

    [Fact]
    public void After_the_limit_probes_are_answered_at_once_again()
    {
        _device.Registers.HoldProbes(true);
        _device.Registers.HoldProbes(false);
        Assert.Equal(0u, _device.Read(MmioRegister.DeviceId));
    }
}
