using XenDmHost.Simulation.Guest.Transport;
using XenDmHost.Simulation.Hypervisor;
using XenDmHost.Simulation.Native;

namespace XenDmHost.UnitTests.Simulation.Fakes;

/// <summary>A virtio-mmio device that lives inside the fake host: registers, queues and what its requests do.</summary>
internal sealed class FakeMmioDevice(uint deviceId, ulong start, ulong features, int queueCount, byte[] config)
{
    private readonly FakeQueue[] _queues = [.. Enumerable.Range(0, queueCount).Select(_ => new FakeQueue())];
    private uint _featureSelector;
    private uint _queueSelector;
    private uint _interruptStatus;
    private uint _status;

    internal ulong Start => start;

    internal uint QueueSizeMax { get; init; } = 64;

    internal bool RefuseFeatures { get; init; }

    internal FakeChainHandler[] Handlers { get; init; } = [];

    internal FakeRam? Ram { get; set; }

    internal EventFd? Irq { get; set; }

    internal ulong DriverFeatures { get; private set; }

    internal int Resets { get; private set; }

    internal void SetNeedsReset()
    {
        _status |= 64;
        _interruptStatus |= 2;
        Irq!.TryAdd(1);
    }

    internal ulong Answer(IoreqRequest request)
    {
        var offset = request.Address - start;
        if (request.Type != IoreqType.Copy || offset >= 0x200)
        {
            return ulong.MaxValue;
        }

        if (offset >= 0x100)
        {
            return Config((int)offset - 0x100, request);
        }

        return request.IsRead ? Read((MmioRegister)offset) : Write((MmioRegister)offset, (uint)request.Data);
    }

    private FakeQueue? Queue => _queueSelector < _queues.Length ? _queues[_queueSelector] : null;

    private uint Read(MmioRegister register) => register switch
    {
        MmioRegister.MagicValue => 0x74726976,
        MmioRegister.Version => 2,
        MmioRegister.DeviceId => deviceId,
        MmioRegister.DeviceFeatures => (uint)(features >> (int)(32 * _featureSelector)),
        MmioRegister.QueueSizeMax => Queue is null ? 0 : QueueSizeMax,
        MmioRegister.QueueReady => Queue?.Ready ?? 0,
        MmioRegister.InterruptStatus => _interruptStatus,
        MmioRegister.Status => _status,
        _ => 0,
    };

    private ulong Write(MmioRegister register, uint value)
    {
        switch (register)
        {
            case MmioRegister.DeviceFeaturesSel or MmioRegister.DriverFeaturesSel: _featureSelector = value & 1; break;
            case MmioRegister.DriverFeatures: SetDriverFeatures(value); break;
            case MmioRegister.QueueSel: _queueSelector = value; break;
            case MmioRegister.QueueNotify: Notify(value); break;
            case MmioRegister.InterruptAck: _interruptStatus &= ~value; break;
            case MmioRegister.Status: SetStatus(value); break;
            default: WriteQueue(register, value); break;
        }

        return 0;
    }

    private void WriteQueue(MmioRegister register, ulong value)
    {
        if (Queue is not { } queue)
        {
            return;
        }

        switch (register)
        {
            case MmioRegister.QueueSize: queue.Size = (uint)value; break;
            case MmioRegister.QueueReady: queue.Ready = (uint)value; break;
            case MmioRegister.QueueDescLow: queue.Descriptors = value; break;
            case MmioRegister.QueueDescHigh: queue.Descriptors |= value << 32; break;
            case MmioRegister.QueueDriverLow: queue.Driver = value; break;
            case MmioRegister.QueueDriverHigh: queue.Driver |= value << 32; break;
            case MmioRegister.QueueDeviceLow: queue.Device = value; break;
            case MmioRegister.QueueDeviceHigh: queue.Device |= value << 32; break;
        }
    }

    private void SetDriverFeatures(uint value)
    {
        var shift = (int)(32 * _featureSelector);
        DriverFeatures = (DriverFeatures & ~(0xffff_ffffUL << shift)) | ((ulong)value << shift);
    }

    private void SetStatus(uint value)
    {
        _status = RefuseFeatures ? value & ~8u : value;
        if (value == 0)
        {
            Resets++;
            _interruptStatus = 0;
            Array.ForEach(_queues, queue => queue.Reset());
        }
    }

    private void Notify(uint index)
    {
        if (index < _queues.Length && _queues[index].Ready == 1 && (_status & 4) != 0
            && _queues[index].Serve(Ram!, (DriverFeatures & VirtioFeature.EventIndex) != 0, Handlers[index]))
        {
            RaiseOnRisingStatus();
        }
    }

    /// <summary>An edge only when the bit was clear: a driver that does not acknowledge gets no further interrupt.</summary>
    private void RaiseOnRisingStatus()
    {
        if ((_interruptStatus & 1) == 0)
        {
            _interruptStatus |= 1;
            Irq!.TryAdd(1);
        }
    }

    private ulong Config(int offset, IoreqRequest request)
    {
        var value = 0UL;
        for (var i = 0; i < request.Size; i++)
        {
            if (offset + i >= config.Length)
            {
                return ulong.MaxValue;
            }

            if (!request.IsRead)
            {
                config[offset + i] = (byte)(request.Data >> (8 * i));
            }

            value |= (ulong)config[offset + i] << (8 * i);
        }

        return value;
    }
}
