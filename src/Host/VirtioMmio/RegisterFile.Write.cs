namespace XenDmHost.Host.VirtioMmio;

/// <content>What writing does; on the thread that answers ioreqs.</content>
internal sealed partial class RegisterFile
{
    private bool WriteRegister(int vcpu, uint offset, uint value)
    {
        switch (offset)
        {
            // These two do not touch the registers that a transition may be changing.
            case MmioRegister.QueueNotify:
                Notify(value);
                return true;
            case MmioRegister.InterruptAck:
                Interlocked.And(ref State.InterruptStatus, (int)~value);
                return true;
            case MmioRegister.Status when value == 0:
                return WriteReset(vcpu);
        }

        if (Volatile.Read(ref _transitions) > 0)
        {
            IgnoredAccesses++;
            return true;
        }

        switch (offset)
        {
            case MmioRegister.DeviceFeaturesSel: State.DeviceFeaturesSel = value; return true;
            case MmioRegister.DriverFeaturesSel: State.DriverFeaturesSel = value; return true;
            case MmioRegister.DriverFeatures: WriteDriverFeatures(value); return true;
            case MmioRegister.QueueSel: State.QueueSel = value; return true;
            case MmioRegister.ShmSel: State.ShmSel = value; return true;
            case MmioRegister.Status: WriteStatus(value); return true;
            default: return !TryQueue(out int queue) || WriteQueue(vcpu, queue, offset, value);
        }
    }

    private void Notify(uint value)
    {
        // Bits 16 and up carry data only with NOTIFICATION_DATA, which is never offered (2.9, 4.2.2).
        if (value < (uint)_memory.QueueCount && (State.Status & DeviceStatus.DriverOk) != 0)
        {
            _owner.Kick((int)value);
        }
    }

    private void WriteDriverFeatures(uint value)
    {
        bool sealedByDriver = (State.Status & DeviceStatus.FeaturesOk) != 0;
        if (sealedByDriver || State.DriverFeaturesSel > 1)
        {
            IgnoredAccesses += sealedByDriver || value != 0 ? 1 : 0;
            return;
        }

        int shift = 32 * (int)State.DriverFeaturesSel;
        State.DriverFeatures = (State.DriverFeatures & ~(0xFFFFFFFFUL << shift)) | ((ulong)value << shift);
    }

    private bool WriteReset(int vcpu)
    {
        // Linux does not read Status back after this write, so the write itself must not return before the back-end
        // has let go of the guest's memory.
        bool quiet = (State.Status & (DeviceStatus.DriverOk | DeviceStatus.Failed)) == 0
            && Volatile.Read(ref State.NeedsReset) == 0 && Volatile.Read(ref _transitions) == 0;
        if (!quiet && PostTransition(new(DeviceCommandKind.Reset, vcpu)))
        {
            return false;
        }

        if (quiet)
        {
            Clear();
        }

        return true;
    }

    private void WriteStatus(uint value)
    {
        uint before = State.Status;
        uint wanted = before | (value & DeviceStatus.OfDriver);
        if ((wanted & ~before & DeviceStatus.FeaturesOk) != 0 && !AreDriverFeaturesValid())
        {
            wanted &= ~DeviceStatus.FeaturesOk;
        }

        if ((wanted & DeviceStatus.FeaturesOk) == 0)
        {
            wanted &= ~DeviceStatus.DriverOk;
        }

        State.Status = wanted;
        uint risen = wanted & ~before;
        if ((risen & DeviceStatus.Failed) != 0)
        {
            Post(new(DeviceCommandKind.Fail));
        }
        else if ((risen & DeviceStatus.DriverOk) != 0)
        {
            Post(new(DeviceCommandKind.Start));
        }
    }

    private bool AreDriverFeaturesValid()
    {
        ulong offered = Volatile.Read(ref _offer)?.Features ?? 0;
        return (State.DriverFeatures & ~offered) == 0 && (State.DriverFeatures & VirtioFeature.Version1) != 0;
    }

    private bool WriteQueue(int vcpu, int index, uint offset, uint value)
    {
        ref QueueState queue = ref _memory.Queue(index);
        if (offset == MmioRegister.QueueReady)
        {
            return WriteQueueReady(vcpu, index, ref queue, value);
        }

        if (offset == MmioRegister.QueueReset)
        {
            WriteQueueReset(index, ref queue, value);
            return true;
        }

        if (queue.Ready != 0 || queue.Resetting != 0)
        {
            IgnoredAccesses++;
            return true;
        }

        switch (offset)
        {
            case MmioRegister.QueueSize: queue.Size = value; break;
            case MmioRegister.QueueDescLow: SetLow(ref queue.Descriptors, value); break;
            case MmioRegister.QueueDescHigh: SetHigh(ref queue.Descriptors, value); break;
            case MmioRegister.QueueDriverLow: SetLow(ref queue.Driver, value); break;
            case MmioRegister.QueueDriverHigh: SetHigh(ref queue.Driver, value); break;
            case MmioRegister.QueueDeviceLow: SetLow(ref queue.Device, value); break;
            case MmioRegister.QueueDeviceHigh: SetHigh(ref queue.Device, value); break;
            default: IgnoredAccesses++; break;
        }

        return true;
    }

    private bool WriteQueueReady(int vcpu, int index, ref QueueState queue, uint value)
    {
        bool running = (State.Status & DeviceStatus.DriverOk) != 0;
        if (value == 0)
        {
            if (queue.Ready != 0 && running && PostTransition(new(DeviceCommandKind.StopQueue, vcpu, index)))
            {
                return false;
            }

            queue.Ready = 0;
            return true;
        }

        if (value != 1 || queue.Ready != 0 || queue.Resetting != 0)
        {
            return true;
        }

        if (!IsQueueValid(in queue, index))
        {
            Violate();
            return true;
        }

        queue.Ready = 1;
        if (running)
        {
            Post(new(DeviceCommandKind.StartQueue, Queue: index));
        }

        return true;
    }

    private void WriteQueueReset(int index, ref QueueState queue, uint value)
    {
        bool negotiated = (State.DriverFeatures & VirtioFeature.RingReset) != 0 && (State.Status & DeviceStatus.FeaturesOk) != 0;
        if (value != 1 || !negotiated || queue.Resetting != 0)
        {
            return;
        }

        bool running = queue.Ready != 0 && (State.Status & DeviceStatus.DriverOk) != 0;
        if (!running)
        {
            queue = default;
            return;
        }

        queue.Resetting = 1;
        if (!PostTransition(new(DeviceCommandKind.ResetQueue, Queue: index)))
        {
            queue.Resetting = 0;
        }
    }

    private bool IsQueueValid(in QueueState queue, int index)
    {
        uint size = queue.Size;
        bool sizeFits = size != 0 && size <= _queueSizes[index] && (size & (size - 1)) == 0;
        bool aligned = queue.Descriptors % 16 == 0 && queue.Driver % 2 == 0 && queue.Device % 4 == 0;
        return sizeFits && aligned
            && _isRam(queue.Descriptors, 16UL * size)
            && _isRam(queue.Driver, 6 + (2UL * size))
            && _isRam(queue.Device, 6 + (8UL * size));
    }

    /// <summary>The driver broke a rule that leaves nothing to go on with: this device, and it alone, needs a reset.</summary>
    private void Violate()
    {
        if (Interlocked.Exchange(ref State.NeedsReset, 1) == 0)
        {
            Post(new(DeviceCommandKind.Fail));
        }
    }

    private bool WriteConfig(int vcpu, uint offset, int width, ulong value)
    {
        foreach (WritableField field in _writableFields)
        {
            if (field.Contains(offset, width))
            {
                return !Post(new(DeviceCommandKind.WriteConfig, vcpu, 0, offset, width, value));
            }
        }

        IgnoredAccesses++;
        return true;
    }

    private static void SetLow(ref ulong address, uint value) => address = (address & 0xFFFFFFFF00000000) | value;

    private static void SetHigh(ref ulong address, uint value) => address = (address & 0xFFFFFFFF) | ((ulong)value << 32);
}
