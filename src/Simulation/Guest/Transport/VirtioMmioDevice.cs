using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Transport;

/// <summary>
/// One virtio-mmio device, brought up and taken down with the accesses that Linux' virtio_mmio.c makes, in its order.
/// A life ends with <see cref="Remove"/>; the same window may then be probed again.
/// </summary>
internal sealed class VirtioMmioDevice
{
    private const uint Magic = 0x7472_6976;
    private const uint SupportedVersion = 2;

    private readonly Machine _machine;
    private readonly VirtioMmioWindow _window;
    private readonly uint _irq;
    // A new array at each change: the interrupt handler walks through it meanwhile.
    private volatile SplitVirtqueue[] _queues = [];
    private readonly ManualResetEventSlim _needsReset = new(initialState: false, spinCount: 0);
    private InterruptHandler? _interrupts;
    private int _configChanges;

    internal VirtioMmioDevice(Machine machine, ulong start, uint irq)
    {
        _machine = machine;
        _window = new VirtioMmioWindow(machine, start);
        _irq = irq;
        Config = new DeviceConfig(_window);
    }

    internal DeviceConfig Config { get; }

    internal IReadOnlyList<SplitVirtqueue> Queues => _queues;

    /// <summary>What was negotiated.</summary>
    internal ulong Features { get; private set; }

    /// <summary>What the device offered.</summary>
    internal ulong OfferedFeatures { get; private set; }

    internal int Interrupts => _interrupts?.Handled ?? 0;

    internal int SpuriousInterrupts => _interrupts?.Spurious ?? 0;

    internal int ConfigChanges => Volatile.Read(ref _configChanges);

    /// <summary>Set once the device said DEVICE_NEEDS_RESET in a configuration change.</summary>
    internal WaitHandle NeedsReset => _needsReset.WaitHandle;

    internal bool Has(ulong feature) => (Features & feature) != 0;

    internal ProbeResult Probe()
    {
        var magic = _window.Read(MmioRegister.MagicValue);
        if (magic != Magic)
        {
            return new ProbeResult(0, $"MagicValue is {magic:x8} instead of {Magic:x8}: nobody claims this window, or not as virtio-mmio");
        }

        var version = _window.Read(MmioRegister.Version);
        return version == SupportedVersion
            ? new ProbeResult(_window.Read(MmioRegister.DeviceId), null)
            : new ProbeResult(0, $"Version is {version} instead of {SupportedVersion}");
    }

    /// <summary>From reset to FEATURES_OK; takes what is offered of the transport's features and of <paramref name="understood"/>.</summary>
    internal void Negotiate(ulong understood)
    {
        _window.Write(MmioRegister.Status, 0);
        AddStatus(DeviceStatus.Acknowledge);
        AddStatus(DeviceStatus.Driver);
        OfferedFeatures = ReadOfferedFeatures();
        Features = OfferedFeatures & (understood | VirtioFeature.Transport);
        if (!Has(VirtioFeature.Version1))
        {
            throw new DriverFailure($"the device does not offer VERSION_1 (it offers 0x{OfferedFeatures:x})");
        }

        if (_machine.Addresses.MustBeAgreed && !Has(VirtioFeature.AccessPlatform))
        {
            throw new DriverFailure($"the guest gives its memory by grants, and the device does not offer ACCESS_PLATFORM (it offers 0x{OfferedFeatures:x})");
        }

        WriteFeatures(Features);
        AddStatus(DeviceStatus.FeaturesOk);
        if (!ReadStatus().HasFlag(DeviceStatus.FeaturesOk))
        {
            throw new DriverFailure($"the device refused the features 0x{Features:x} of the 0x{OfferedFeatures:x} that it offers");
        }
    }

    /// <summary>Sets up queues 0 to <paramref name="count"/> - 1 and the interrupt that serves them.</summary>
    internal void SetUpQueues(int count)
    {
        _interrupts = new InterruptHandler(_machine, _irq, _window, Handle);
        for (var i = 0; i < count; i++)
        {
            _queues = [.. _queues, SetUpQueue(i)];
        }
    }

    internal void SetDriverOk()
    {
        AddStatus(DeviceStatus.DriverOk);
        var status = ReadStatus();
        if (!status.HasFlag(DeviceStatus.DriverOk) || status.HasFlag(DeviceStatus.NeedsReset))
        {
            throw new DriverFailure($"after DRIVER_OK the device's status is {status}");
        }
    }

    /// <summary>Marks the device as given up, as Linux does when a driver's probe fails.</summary>
    internal void Fail() => AddStatus(DeviceStatus.Failed);

    /// <summary>
    /// Resets the device, stops every queue and frees its memory. The write of 0 itself returns only when the device has
    /// left the memory alone; that QueueReady then reads 0 is checked here, as Linux does with a warning.
    /// </summary>
    internal void Remove()
    {
        try
        {
            _window.Write(MmioRegister.Status, 0);
            Array.ForEach(_queues, StopQueue);
            Array.ForEach(_queues, queue => queue.TakeBack());
        }
        finally
        {
            _interrupts?.Dispose();
            Array.ForEach(_queues, queue => queue.Dispose());
        }
    }

    /// <summary>The guest is gone: nobody looks after the device any more, which nobody tells it.</summary>
    internal void Abort()
    {
        try
        {
            _interrupts?.Dispose();
        }
        catch (OperationCanceledException)
        {
            // The handler was inside an access when its vCPU was stopped.
        }
    }

    private SplitVirtqueue SetUpQueue(int index)
    {
        _window.Write(MmioRegister.QueueSel, (uint)index);
        if (_window.Read(MmioRegister.QueueReady) != 0)
        {
            throw new DriverFailure($"queue {index} is ready before it was set up");
        }

        var queue = new SplitVirtqueue(index, ReadQueueSize(index), _machine.Memory, _machine.Addresses, RingOptions, Notify);
        _window.Write(MmioRegister.QueueSize, (uint)queue.Size);
        WriteAddress(MmioRegister.QueueDescLow, queue.Ring.DescriptorArea);
        WriteAddress(MmioRegister.QueueDriverLow, queue.Ring.DriverArea);
        WriteAddress(MmioRegister.QueueDeviceLow, queue.Ring.DeviceArea);
        _window.Write(MmioRegister.QueueReady, 1);
        return queue;
    }

    private VirtqueueOptions RingOptions => new(Has(VirtioFeature.IndirectDescriptors), Has(VirtioFeature.EventIndex));

    private int ReadQueueSize(int index)
    {
        var size = _window.Read(MmioRegister.QueueSizeMax);
        return size is > 0 and <= 32768 && uint.IsPow2(size)
            ? (int)size
            : throw new DriverFailure($"QueueSizeMax of queue {index} is {size}: a split queue needs a power of two up to 32768");
    }

    private void StopQueue(SplitVirtqueue queue)
    {
        _window.Write(MmioRegister.QueueSel, (uint)queue.Index);
        _window.Write(MmioRegister.QueueReady, 0);
        var ready = _window.Read(MmioRegister.QueueReady);
        if (ready != 0)
        {
            throw new DriverFailure($"QueueReady of queue {queue.Index} reads {ready} after a reset and a write of 0");
        }
    }

    private void WriteAddress(MmioRegister low, ulong address)
    {
        _window.Write(low, (uint)address);
        _window.Write(low + 4, (uint)(address >> 32));
    }

    private ulong ReadOfferedFeatures()
    {
        _window.Write(MmioRegister.DeviceFeaturesSel, 1);
        var high = (ulong)_window.Read(MmioRegister.DeviceFeatures);
        _window.Write(MmioRegister.DeviceFeaturesSel, 0);
        return (high << 32) | _window.Read(MmioRegister.DeviceFeatures);
    }

    private void WriteFeatures(ulong features)
    {
        _window.Write(MmioRegister.DriverFeaturesSel, 1);
        _window.Write(MmioRegister.DriverFeatures, (uint)(features >> 32));
        _window.Write(MmioRegister.DriverFeaturesSel, 0);
        _window.Write(MmioRegister.DriverFeatures, (uint)features);
    }

    private void AddStatus(DeviceStatus bit) => _window.Write(MmioRegister.Status, (uint)(ReadStatus() | bit));

    private DeviceStatus ReadStatus() => (DeviceStatus)_window.Read(MmioRegister.Status);

    private void Notify(int queue) => _window.Write(MmioRegister.QueueNotify, (uint)queue);

    private void Handle(InterruptCause cause)
    {
        if (cause.HasFlag(InterruptCause.ConfigChange))
        {
            Interlocked.Increment(ref _configChanges);
            HandleConfigChange();
        }

        if (cause.HasFlag(InterruptCause.UsedBuffer))
        {
            Array.ForEach(_queues, queue => queue.ProcessUsed());
        }
    }

    private void HandleConfigChange()
    {
        if (ReadStatus().HasFlag(DeviceStatus.NeedsReset))
        {
            _needsReset.Set();
            // Linux' drivers wait on for ever; a guest that tests says at once what became of its requests.
            Array.ForEach(_queues, queue => queue.Abandon("the device says DEVICE_NEEDS_RESET"));
        }
    }
}
