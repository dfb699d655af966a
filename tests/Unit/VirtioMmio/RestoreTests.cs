using XenDmHost.Host.Native;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.VirtioMmio;

/// <summary>Registers in a file: what the next process finds in it.</summary>
public sealed class RestoreTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly List<Mapping> _pages = [];

    public void Dispose()
    {
        _pages.ForEach(page => page.Dispose());
        File.Delete(_file);
    }

    [Fact]
    public void A_running_device_is_found_as_it_was_whatever_register_was_written_last()
    {
        TestDevice device = new(memory: Open());
        device.Run();
        device.Registers.SetInterruptStatus(InterruptBits.UsedBuffer);
        device.Write(MmioRegister.QueueSel, 1);
        device.Registers.KeepBase(0, 0);

        TestDevice next = Restored();
        Assert.Equal(device.Registers.DriverFeatures, next.Registers.DriverFeatures);
        Assert.True(next.Registers is { IsDriverOk: true, NeedsReset: false });
        Assert.Equal(device.Registers.Queue(0), next.Registers.Queue(0));
        Assert.Equal((ushort?)0, next.Registers.KeptBase(0));
        Assert.Null(next.Registers.KeptBase(1));
        Assert.Equal(1u, next.Read(MmioRegister.InterruptStatus));
        Assert.Equal(2u, next.Read(MmioRegister.DeviceId));
        Assert.Equal(64u, next.Read(MmioRegister.QueueSizeMax));
        Assert.Equal(device.Registers.Config.Bytes, next.Registers.Config.Bytes);
        Assert.Equal(device.Read(MmioRegister.ConfigGeneration), next.Read(MmioRegister.ConfigGeneration));
    }

    [Fact]
    public void After_a_reset_nothing_is_left()
    {
        TestDevice device = new(memory: Open());
        device.Negotiate();
        device.SetQueue(0);
        device.MakeReady(0);
        device.Write(MmioRegister.Status, 0);
        Assert.True(Restored().Registers.IsReset);
        Assert.Equal(default, Restored().Registers.Queue(0));
    }

    [Fact]
    public void A_reset_of_a_queue_that_was_under_way_is_done()
    {
        RegisterMemory memory = Open();
        _ = new TestDevice(memory: memory);
        memory.Queue(0) = new QueueState { Size = 64, Ready = 1, Resetting = 1, Descriptors = TestDevice.Ram };
        Assert.Equal(default, Restored().Registers.Queue(0));
    }

    [Fact]
    public void A_queue_that_cannot_be_makes_the_device_need_a_reset()
    {
        RegisterMemory memory = Open();
        _ = new TestDevice(memory: memory);
        memory.Queue(0) = new QueueState { Size = 64, Ready = 1, Descriptors = 0x1000, Driver = TestDevice.Ram, Device = TestDevice.Ram };
        Assert.True(Restored().Registers.NeedsReset);
    }

    private TestDevice Restored() => new(memory: Open(), restore: true);

    private RegisterMemory Open()
    {
        Mapping page = Mapping.OfFile(_file, 4096);
        _pages.Add(page);
        return new RegisterMemory(page, 2);
    }
}
