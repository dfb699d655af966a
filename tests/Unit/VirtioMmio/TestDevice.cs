using XenDmHost.Host.GuestMemory;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.UnitTests.VirtioMmio;

/// <summary>
/// A register file with two queues (256 and 64 entries), one writable configuration field and 1 MiB of RAM at
/// 0x40000000, and the steps that a driver takes.
/// </summary>
internal sealed class TestDevice
{
    internal const ulong Ram = 0x4000_0000;
    internal const ulong RamSize = 0x10_0000;
    internal const uint AcknowledgeAndDriver = DeviceStatus.Acknowledge | DeviceStatus.Driver;

    /// <summary>What is offered: device bits 5 and 9, EVENT_IDX, VERSION_1, RING_RESET.</summary>
    internal const ulong Features = (1UL << 5) | (1UL << 9) | VirtioFeature.EventIdx | VirtioFeature.Version1 | VirtioFeature.RingReset;

    internal TestDevice(bool connected = true, RegisterMemory? memory = null, bool restore = false)
    {
        RamMap ram = new([(Ram, RamSize)]);
        Registers = new RegisterFile(
            new RegisterFileLayout { QueueSizes = [256, 64], WritableFields = [new WritableField(4, 4)], IsRam = ram.Contains }, Owner, memory);
        if (restore)
        {
            Registers.Restore();
            return;
        }

        Registers.PublishConfig([.. Enumerable.Range(1, 12).Select(i => (byte)i)]);
        if (connected)
        {
            Connect();
        }
    }

    internal RecordingOwner Owner { get; } = new();

    internal RegisterFile Registers { get; }

    internal uint Status => Read(MmioRegister.Status);

    internal void Connect() => Registers.Publish(new DeviceOffer(2, 0x4D44_4858, Features));

    /// <summary>Reads a register that must not be held.</summary>
    internal uint Read(uint register)
    {
        Assert.True(Registers.TryRead(0, register, 4, out ulong value), $"the read of 0x{register:x3} is held");
        return (uint)value;
    }

    /// <summary>Writes a register; the write must not be held.</summary>
    internal void Write(uint register, uint value) =>
        Assert.True(Registers.TryWrite(0, register, 4, value), $"the write to 0x{register:x3} is held");

    /// <summary>Writes a register; the write must be held.</summary>
    internal void WriteHeld(uint register, uint value, int vcpu = 0) =>
        Assert.False(Registers.TryWrite(vcpu, register, 4, value), $"the write to 0x{register:x3} is not held");

    internal void WriteFeatures(ulong features)
    {
        Write(MmioRegister.DriverFeaturesSel, 0);
        Write(MmioRegister.DriverFeatures, (uint)features);
        Write(MmioRegister.DriverFeaturesSel, 1);
        Write(MmioRegister.DriverFeatures, (uint)(features >> 32));
    }

    /// <summary>The driver's steps up to FEATURES_OK.</summary>
    internal void Negotiate(ulong features = Features)
    {
        Write(MmioRegister.Status, DeviceStatus.Acknowledge);
        Write(MmioRegister.Status, AcknowledgeAndDriver);
        WriteFeatures(features);
        Write(MmioRegister.Status, AcknowledgeAndDriver | DeviceStatus.FeaturesOk);
    }

    /// <summary>Writes a queue's size and addresses, and not QueueReady.</summary>
    internal void SetQueue(uint queue, uint size = 64, ulong descriptors = Ram, ulong driver = Ram + 0x1000, ulong device = Ram + 0x2000)
    {
        Write(MmioRegister.QueueSel, queue);
        Write(MmioRegister.QueueSize, size);
        Write(MmioRegister.QueueDescLow, (uint)descriptors);
        Write(MmioRegister.QueueDescHigh, (uint)(descriptors >> 32));
        Write(MmioRegister.QueueDriverLow, (uint)driver);
        Write(MmioRegister.QueueDriverHigh, (uint)(driver >> 32));
        Write(MmioRegister.QueueDeviceLow, (uint)device);
        Write(MmioRegister.QueueDeviceHigh, (uint)(device >> 32));
    }

    internal void MakeReady(uint queue)
    {
        SetQueue(queue);
        Write(MmioRegister.QueueReady, 1);
    }

    internal void SetDriverOk() =>
        Write(MmioRegister.Status, AcknowledgeAndDriver | DeviceStatus.FeaturesOk | DeviceStatus.DriverOk);

    /// <summary>All of the driver's steps; queue 0 is ready and the command to start is taken.</summary>
    internal void Run()
    {
        Negotiate();
        MakeReady(0);
        SetDriverOk();
        Assert.Equal(DeviceCommandKind.Start, Take().Kind);
    }

    /// <summary>Takes the oldest command; there must be one.</summary>
    internal DeviceCommand Take()
    {
        Assert.True(Registers.Commands.TryTake(out DeviceCommand command), "no command was posted");
        return command;
    }
}
