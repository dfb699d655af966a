using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.VirtioMmio;

/// <summary>The configuration space from offset 0x100 on. The test device has 12 bytes, 1 to 12; bytes 4 to 7 are writable.</summary>
public sealed class ConfigWindowTests
{
    private readonly TestDevice _device = new();

    [Theory]
    [InlineData(0, 1, 0x01)]
    [InlineData(3, 1, 0x04)]
    [InlineData(1, 2, 0x0302)]
    [InlineData(0, 4, 0x04030201)]
    [InlineData(2, 4, 0x06050403)]
    [InlineData(0, 8, 0x0807060504030201)]
    public void Any_width_at_any_offset_is_read_little_endian(uint offset, int width, ulong expected) =>
        Assert.Equal(expected, Read(offset, width));

    [Theory]
    [InlineData(12, 1, 0xFF)]
    [InlineData(12, 4, 0xFFFFFFFF)]
    [InlineData(11, 2, 0xFF0C)]
    [InlineData(8, 8, 0xFFFFFFFF0C0B0A09)]
    [InlineData(0xFF, 1, 0xFF)]
    [InlineData(0xF8, 8, ulong.MaxValue)]
    public void Behind_the_end_all_bits_are_ones(uint offset, int width, ulong expected) =>
        Assert.Equal(expected, Read(offset, width));

    [Fact]
    public void Each_publication_is_a_new_generation()
    {
        uint before = _device.Read(MmioRegister.ConfigGeneration);
        _device.Registers.PublishConfig([9, 9]);
        Assert.Equal(before + 1, _device.Read(MmioRegister.ConfigGeneration));
        Assert.Equal(0xFFFF0909, Read(0, 4));
    }

    [Fact]
    public void One_generation_has_one_content_while_it_is_replaced()
    {
        // The driver's loop (2.5.2): generation, fields, generation. Bytes of an even generation are 0, of an odd one 1.
        byte[][] contents = [[0, 0, 0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1, 1, 1]];
        _device.Registers.PublishConfig(contents[0]);
        Assert.Equal(0u, _device.Read(MmioRegister.ConfigGeneration) % 2);
        using CancellationTokenSource end = new();
        Thread control = new(() =>
        {
            for (int i = 1; !end.IsCancellationRequested; i++)
            {
                _device.Registers.PublishConfig(contents[i % 2]);
            }
        });
        control.Start();
        int torn = 0;
        for (int i = 0; i < 200_000; i++)
        {
            uint before = _device.Read(MmioRegister.ConfigGeneration);
            ulong low = Read(0, 4);
            ulong high = Read(4, 4);
            bool steady = _device.Read(MmioRegister.ConfigGeneration) == before;
            torn += steady && (low != high || low != before % 2 * 0x01010101) ? 1 : 0;
        }

        end.Cancel();
        Assert.True(control.Join(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, torn);
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(4, 1)]
    [InlineData(7, 1)]
    [InlineData(5, 2)]
    public void A_write_inside_a_writable_field_is_held_and_forwarded(uint offset, int width)
    {
        Assert.False(_device.Registers.TryWrite(1, MmioRegister.Config + offset, width, 0xA5));
        Assert.Equal(
            new DeviceCommand(DeviceCommandKind.WriteConfig, Vcpu: 1, Offset: offset, Width: width, Value: 0xA5), _device.Take());
        Assert.Equal(1, _device.Owner.PostedHeld);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(3, 2)]
    [InlineData(4, 8)]
    [InlineData(7, 2)]
    [InlineData(8, 1)]
    [InlineData(0xFF, 1)]
    public void Any_other_write_is_ignored_and_counted(uint offset, int width)
    {
        Assert.True(_device.Registers.TryWrite(1, MmioRegister.Config + offset, width, ulong.MaxValue));
        Assert.True(_device.Registers.Commands.IsEmpty);
        Assert.Equal(1, _device.Registers.IgnoredAccesses);
    }

    private ulong Read(uint offset, int width)
    {
        Assert.True(_device.Registers.TryRead(0, MmioRegister.Config + offset, width, out ulong value));
        return value;
    }
}
