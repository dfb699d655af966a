namespace XenDmHost.Host.VirtioMmio;

/// <content>What the device's control thread sees and does.</content>
internal sealed partial class RegisterFile
{
    /// <summary>The features that the driver acknowledged.</summary>
    internal ulong DriverFeatures => State.DriverFeatures;

    /// <summary>Whether the driver goes by the features that it acknowledged.</summary>
    internal bool AreFeaturesSet => (State.Status & DeviceStatus.FeaturesOk) != 0;

    /// <summary>Whether the driver uses the device, and has not given it up.</summary>
    internal bool IsDriverOk => (State.Status & (DeviceStatus.DriverOk | DeviceStatus.Failed)) == DeviceStatus.DriverOk;

    internal bool NeedsReset => Volatile.Read(ref State.NeedsReset) != 0;

    internal DeviceOffer? Offer => Volatile.Read(ref _offer);

    internal ConfigSnapshot Config => Volatile.Read(ref _config);

    /// <summary>
    /// A queue's registers. Those of a ready queue stand still until the control thread itself has stopped it.
    /// </summary>
    internal QueueState Queue(int index) => _memory.Queue(index);

    /// <summary>Shows the device, or an empty slot for null.</summary>
    internal void Publish(DeviceOffer? offer)
    {
        _memory.Save(offer);
        Volatile.Write(ref _offer, offer);
    }

    /// <summary>Shows a new configuration space.</summary>
    internal void PublishConfig(byte[] bytes)
    {
        ConfigSnapshot config = new(bytes, Config.Generation + 1);
        _memory.Save(config);
        Volatile.Write(ref _config, config);
    }

    /// <summary>Sets bits of InterruptStatus; any thread. The caller raises the interrupt afterwards.</summary>
    internal void SetInterruptStatus(int bits) => Interlocked.Or(ref State.InterruptStatus, bits);

    /// <summary>Sets DEVICE_NEEDS_RESET.</summary>
    /// <returns>Whether the driver must be told: the bit is new and the driver runs.</returns>
    internal bool SetNeedsReset() => Interlocked.Exchange(ref State.NeedsReset, 1) == 0 && IsDriverOk;

    /// <summary>Whether the driver has not begun, or has reset the device.</summary>
    internal bool IsReset => Status == 0;

    /// <summary>
    /// Begins the transition of a reset that no access asked for; FinishReset ends it. An access that is being answered may
    /// still change registers: the caller waits for it.
    /// </summary>
    internal void BeginReset() => Interlocked.Increment(ref _transitions);

    /// <summary>Ends the transition of a Reset: all registers as at the start.</summary>
    internal void FinishReset()
    {
        Clear();
        Interlocked.Decrement(ref _transitions);
    }

    /// <summary>Ends the transition of a StopQueue: QueueReady reads 0.</summary>
    internal void FinishStopQueue(int index)
    {
        _memory.Queue(index).Ready = 0;
        Interlocked.Decrement(ref _transitions);
    }

    /// <summary>Ends the transition of a ResetQueue: QueueReset and QueueReady read 0, the queue's registers are cleared.</summary>
    internal void FinishResetQueue(int index)
    {
        _memory.Queue(index) = default;
        Interlocked.Decrement(ref _transitions);
    }

    private void Clear()
    {
        State = default;
        for (int queue = 0; queue < QueueCount; queue++)
        {
            _memory.Queue(queue) = default;
        }

        Interlocked.Exchange(ref State.InterruptStatus, 0);
        Interlocked.Exchange(ref State.NeedsReset, 0);
    }
}
