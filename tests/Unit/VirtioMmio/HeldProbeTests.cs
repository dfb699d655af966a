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
        _device.Owner.HoldsProbes = true;
        Assert.False(_device.Registers.TryRead(5, MmioRegister.DeviceId, 4, out _));
        Assert.Equal([5], _device.Owner.Probes);
        _device.Connect();
        Assert.Equal(2u, _device.Read(MmioRegister.DeviceId));
        Assert.Equal([5], _device.Owner.Probes);
    }

    [Fact]
    public void A_held_probe_is_no_command_and_does_not_hurry_the_back_end()
    {
        _device.Owner.HoldsProbes = true;
        _device.Registers.TryRead(0, MmioRegister.DeviceId, 4, out _);
        Assert.Equal(0, _device.Owner.Posted);
        Assert.True(_device.Registers.Commands.IsEmpty);
    }

    [Fact]
    public void No_other_register_waits_for_the_back_end()
    {
        _device.Owner.HoldsProbes = true;
        for (uint offset = 0; offset < MmioRegister.WindowSize; offset += 4)
        {
            if (offset != MmioRegister.DeviceId)
            {
                _device.Read(offset);
            }
        }

        Assert.Empty(_device.Owner.Probes);
    }
}
