using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.VirtioMmio;

/// <summary>What each offset reads (virtio 1.3, 4.2.2).</summary>
public sealed class RegisterReadTests
{
    private readonly TestDevice _device = new();

    [Theory]
    [InlineData(MmioRegister.MagicValue, 0x74726976)]
    [InlineData(MmioRegister.Version, 2)]
    [InlineData(MmioRegister.DeviceId, 2)]
    [InlineData(MmioRegister.VendorId, 0x4D444858)]
    [InlineData(MmioRegister.QueueSizeMax, 256)]
    [InlineData(MmioRegister.QueueReady, 0)]
    [InlineData(MmioRegister.InterruptStatus, 0)]
    [InlineData(MmioRegister.Status, 0)]
    [InlineData(MmioRegister.QueueReset, 0)]
    [InlineData(MmioRegister.ConfigGeneration, 1)]
    public void A_readable_register_has_its_value_after_the_device_is_connected(uint register, uint expected) =>
        Assert.Equal(expected, _device.Read(register));

    [Theory]
    [InlineData(MmioRegister.MagicValue)]
    [InlineData(MmioRegister.Version)]
    [InlineData(MmioRegister.DeviceId)]
    [InlineData(MmioRegister.VendorId)]
    [InlineData(MmioRegister.DeviceFeatures)]
    [InlineData(MmioRegister.QueueSizeMax)]
    [InlineData(MmioRegister.InterruptStatus)]
    [InlineData(MmioRegister.ShmLenLow)]
    [InlineData(MmioRegister.ShmLenHigh)]
    [InlineData(MmioRegister.ShmBaseLow)]
    [InlineData(MmioRegister.ShmBaseHigh)]
    [InlineData(MmioRegister.ConfigGeneration)]
    public void A_read_only_register_ignores_writes(uint register)
    {
        uint before = _device.Read(register);
        _device.Write(register, ~before);
        Assert.Equal(before, _device.Read(register));
        Assert.Equal(0, _device.Owner.Posted);
    }

    [Theory]
    [InlineData(MmioRegister.DeviceFeaturesSel)]
    [InlineData(MmioRegister.DriverFeatures)]
    [InlineData(MmioRegister.DriverFeaturesSel)]
    [InlineData(MmioRegister.QueueSel)]
    [InlineData(MmioRegister.QueueSize)]
    [InlineData(MmioRegister.QueueNotify)]
    [InlineData(MmioRegister.InterruptAck)]
    [InlineData(MmioRegister.QueueDescLow)]
    [InlineData(MmioRegister.QueueDescHigh)]
    [InlineData(MmioRegister.QueueDriverLow)]
    [InlineData(MmioRegister.QueueDriverHigh)]
    [InlineData(MmioRegister.QueueDeviceLow)]
    [InlineData(MmioRegister.QueueDeviceHigh)]
    [InlineData(MmioRegister.ShmSel)]
    public void A_write_only_register_reads_0(uint register)
    {
        _device.Write(register, 1);
        Assert.Equal(0u, _device.Read(register));
    }

    [Fact]
    public void Offsets_of_legacy_devices_and_unknown_ones_read_0_and_ignore_writes()
    {
        // 0x028 GuestPageSize, 0x03c QueueAlign, 0x040 QueuePFN are legacy; the others belong to nothing.
        uint[] offsets = [0x018, 0x01c, 0x028, 0x02c, 0x03c, 0x040, 0x048, 0x04c, 0x054, 0x068, 0x074, 0x088, 0x0a8, 0x0c4, 0x0f8];
        foreach (uint offset in offsets)
        {
            _device.Write(offset, uint.MaxValue);
            Assert.Equal(0u, _device.Read(offset));
        }

        Assert.Equal(0u, _device.Status);
        Assert.Equal(0, _device.Owner.Posted);
    }

    [Theory]
    [InlineData(0, 0x2000_0220)]
    [InlineData(1, 0x101)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(uint.MaxValue, 0)]
    public void DeviceFeatures_shows_the_selected_word_of_the_offer(uint word, uint expected)
    {
        _device.Write(MmioRegister.DeviceFeaturesSel, word);
        Assert.Equal(expected, _device.Read(MmioRegister.DeviceFeatures));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(uint.MaxValue)]
    public void No_shared_memory_region_has_length_and_base_of_all_ones(uint region)
    {
        _device.Write(MmioRegister.ShmSel, region);
        Assert.Equal(uint.MaxValue, _device.Read(MmioRegister.ShmLenLow));
        Assert.Equal(uint.MaxValue, _device.Read(MmioRegister.ShmLenHigh));
        Assert.Equal(uint.MaxValue, _device.Read(MmioRegister.ShmBaseLow));
        Assert.Equal(uint.MaxValue, _device.Read(MmioRegister.ShmBaseHigh));
    }

    [Fact]
    public void Without_a_back_end_the_slot_is_empty()
    {
        TestDevice device = new(connected: false);
        Assert.Equal(0x74726976u, device.Read(MmioRegister.MagicValue));
        Assert.Equal(2u, device.Read(MmioRegister.Version));
        Assert.Equal(0u, device.Read(MmioRegister.DeviceId));
        Assert.Equal(0u, device.Read(MmioRegister.DeviceFeatures));
        Assert.Equal(0u, device.Read(MmioRegister.QueueSizeMax));
    }

    [Theory]
    [InlineData(MmioRegister.MagicValue, 1)]
    [InlineData(MmioRegister.MagicValue, 2)]
    [InlineData(MmioRegister.MagicValue, 8)]
    [InlineData(MmioRegister.MagicValue + 1, 4)]
    [InlineData(MmioRegister.MagicValue + 2, 4)]
    [InlineData(MmioRegister.ConfigGeneration + 2, 4)]
    public void A_register_read_at_another_width_or_alignment_gives_0_and_is_counted(uint offset, int width)
    {
        Assert.True(_device.Registers.TryRead(0, offset, width, out ulong value));
        Assert.Equal(0u, value);
        Assert.Equal(1, _device.Registers.IgnoredAccesses);
    }

    [Theory]
    [InlineData(MmioRegister.Status, 1)]
    [InlineData(MmioRegister.Status, 2)]
    [InlineData(MmioRegister.Status, 8)]
    [InlineData(MmioRegister.Status - 1, 4)]
    [InlineData(MmioRegister.Status + 2, 4)]
    public void A_register_write_at_another_width_or_alignment_is_ignored_and_counted(uint offset, int width)
    {
        Assert.True(_device.Registers.TryWrite(0, offset, width, ulong.MaxValue));
        Assert.Equal(0u, _device.Status);
        Assert.Equal(1, _device.Registers.IgnoredAccesses);
    }
}
