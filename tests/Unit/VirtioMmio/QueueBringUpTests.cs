using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.VirtioMmio;

/// <summary>How a driver sets up a queue (virtio 1.3, 4.2.3.2), and every way to do it wrong.</summary>
public sealed class QueueBringUpTests
{
    private const ulong Ram = TestDevice.Ram;
    private const ulong RamEnd = TestDevice.Ram + TestDevice.RamSize;
    private readonly TestDevice _device = new();

    [Theory]
    [InlineData(0, 256)]
    [InlineData(1, 64)]
    [InlineData(2, 0)]
    [InlineData(0x8000_0000, 0)]
    [InlineData(uint.MaxValue, 0)]
    public void QueueSizeMax_is_the_size_of_the_selected_queue_and_0_where_there_is_none(uint queue, uint size)
    {
        _device.Write(MmioRegister.QueueSel, queue);
        Assert.Equal(size, _device.Read(MmioRegister.QueueSizeMax));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0x8000_0001)]
    [InlineData(uint.MaxValue)]
    public void A_queue_that_does_not_exist_cannot_be_set_up(uint queue)
    {
        _device.Negotiate();
        _device.MakeReady(queue);
        Assert.Equal(0u, _device.Read(MmioRegister.QueueReady));
        Assert.Equal(0u, _device.Status & DeviceStatus.NeedsReset);
        Assert.Equal(default, _device.Registers.Queue(0));
        Assert.Equal(default, _device.Registers.Queue(1));
    }

    [Fact]
    public void A_queue_has_the_size_and_the_64_bit_addresses_that_were_written()
    {
        _device.Negotiate();
        _device.SetQueue(1, 32, 0x1_0000_0010, 0x2_0000_0002, 0x3_0000_0004);
        QueueState queue = _device.Registers.Queue(1);
        Assert.Equal((32u, 0x1_0000_0010ul, 0x2_0000_0002ul, 0x3_0000_0004ul), (queue.Size, queue.Descriptors, queue.Driver, queue.Device));
        Assert.Equal(default, _device.Registers.Queue(0));
    }

    [Fact]
    public void Before_DRIVER_OK_a_ready_queue_starts_nothing()
    {
        _device.Negotiate();
        _device.MakeReady(0);
        Assert.Equal(1u, _device.Read(MmioRegister.QueueReady));
        Assert.True(_device.Registers.Commands.IsEmpty);
    }

    [Fact]
    public void After_DRIVER_OK_a_queue_that_becomes_ready_is_started()
    {
        _device.Run();
        _device.MakeReady(1);
        Assert.Equal(new DeviceCommand(DeviceCommandKind.StartQueue, Queue: 1), _device.Take());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(64)]
    public void Every_power_of_two_up_to_the_maximum_is_a_size(uint size)
    {
        _device.Negotiate();
        _device.SetQueue(1, size);
        _device.Write(MmioRegister.QueueReady, 1);
        Assert.Equal(1u, _device.Read(MmioRegister.QueueReady));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(0x8000_0000)]
    [InlineData(uint.MaxValue)]
    public void Any_other_size_makes_the_device_need_a_reset(uint size)
    {
        _device.Negotiate();
        _device.SetQueue(1, size);
        AssertRefused();
    }

    [Theory]
    [InlineData(Ram + 8, Ram + 0x1000, Ram + 0x2000)]
    [InlineData(Ram, Ram + 0x1001, Ram + 0x2000)]
    [InlineData(Ram, Ram + 0x1000, Ram + 0x2002)]
    public void A_misaligned_ring_makes_the_device_need_a_reset(ulong descriptors, ulong driver, ulong device)
    {
        _device.Negotiate();
        _device.SetQueue(1, 64, descriptors, driver, device);
        AssertRefused();
    }

    // 64 entries: 1024 bytes of descriptors, 134 of the driver area, 518 of the device area.
    [Theory]
    [InlineData(0, Ram + 0x1000, Ram + 0x2000)]
    [InlineData(Ram, 0, Ram + 0x2000)]
    [InlineData(Ram, Ram + 0x1000, 0)]
    [InlineData(Ram - 16, Ram + 0x1000, Ram + 0x2000)]
    [InlineData(RamEnd - 1024 + 16, Ram + 0x1000, Ram + 0x2000)]
    [InlineData(Ram, RamEnd - 134 + 2, Ram + 0x2000)]
    [InlineData(Ram, Ram + 0x1000, RamEnd - 520 + 4)]
    [InlineData(0xFFFF_FFFF_FFFF_FFF0, Ram + 0x1000, Ram + 0x2000)]
    [InlineData(Ram, 0xFFFF_FFFF_FFFF_FFFE, Ram + 0x2000)]
    [InlineData(Ram, Ram + 0x1000, 0xFFFF_FFFF_FFFF_FFFC)]
    public void A_ring_that_is_not_wholly_in_RAM_makes_the_device_need_a_reset(ulong descriptors, ulong driver, ulong device)
    {
        _device.Negotiate();
        _device.SetQueue(1, 64, descriptors, driver, device);
        AssertRefused();
    }

    [Fact]
    public void Rings_may_end_with_the_last_byte_of_RAM()
    {
        _device.Negotiate();
        _device.SetQueue(1, 64, RamEnd - 1024, RamEnd - 134, RamEnd - 520);
        _device.Write(MmioRegister.QueueReady, 1);
        Assert.Equal(1u, _device.Read(MmioRegister.QueueReady));
    }

    [Fact]
    public void Size_and_addresses_stand_while_the_queue_is_ready()
    {
        _device.Negotiate();
        _device.MakeReady(0);
        QueueState before = _device.Registers.Queue(0);
        _device.SetQueue(0, 2, 0x10, 0x20, 0x30);
        Assert.Equal(before, _device.Registers.Queue(0));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(uint.MaxValue)]
    public void Only_1_makes_a_queue_ready(uint value)
    {
        _device.Negotiate();
        _device.SetQueue(0);
        _device.Write(MmioRegister.QueueReady, value);
        Assert.Equal(0u, _device.Read(MmioRegister.QueueReady));
        Assert.Equal(0u, _device.Status & DeviceStatus.NeedsReset);
    }

    [Fact]
    public void A_violation_stops_a_running_device_once()
    {
        _device.Run();
        _device.SetQueue(1, 3);
        _device.Write(MmioRegister.QueueReady, 1);
        _device.Write(MmioRegister.QueueReady, 1);
        Assert.Equal(DeviceCommandKind.Fail, _device.Take().Kind);
        Assert.True(_device.Registers.Commands.IsEmpty);
    }

    private void AssertRefused()
    {
        _device.Write(MmioRegister.QueueReady, 1);
        Assert.Equal(0u, _device.Read(MmioRegister.QueueReady));
        Assert.NotEqual(0u, _device.Status & DeviceStatus.NeedsReset);
        Assert.Equal(DeviceCommandKind.Fail, _device.Take().Kind);
    }
}
