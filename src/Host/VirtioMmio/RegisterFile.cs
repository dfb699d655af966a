namespace XenDmHost.Host.VirtioMmio;

/// <summary>
/// The registers of a virtio-mmio device, version 2 (virtio 1.3, 4.2), and what reading and writing them does.
/// </summary>
/// <remarks>
/// Two threads meet here. The thread that answers ioreqs calls <see cref="TryRead"/> and <see cref="TryWrite"/> and
/// owns the registers, until a write asks for something that takes time; the device's control thread then finishes it
/// with one of the Finish methods. Meanwhile reads see the state before, and other writes to the same registers are
/// ignored: at each moment one thread writes. Every value is the guest's and is checked where it is used.
/// </remarks>
internal sealed partial class RegisterFile
{
    private readonly IRegisterFileOwner _owner;
    private readonly ushort[] _queueSizes;
    private readonly WritableField[] _writableFields;
    private readonly Func<ulong, ulong, bool> _isRam;
    private readonly RegisterMemory _memory;
    private DeviceOffer? _offer;
    private ConfigSnapshot _config = ConfigSnapshot.Empty;
    private int _transitions;

    /// <param name="layout">What is fixed about the device.</param>
    /// <param name="owner">Does what takes time.</param>
    /// <param name="memory">Where the registers are; null for memory of this process.</param>
    internal RegisterFile(RegisterFileLayout layout, IRegisterFileOwner owner, RegisterMemory? memory = null)
    {
        _owner = owner;
        _queueSizes = [.. layout.QueueSizes];
        _writableFields = [.. layout.WritableFields];
        _isRam = layout.IsRam;
        _memory = memory ?? new RegisterMemory(_queueSizes.Length);
    }

    private ref RegisterState State => ref _memory.Registers;

    /// <summary>What the control thread has to do, oldest first.</summary>
    internal CommandRing Commands { get; } = new();

    internal int QueueCount => _memory.QueueCount;

    /// <summary>Accesses that a driver must not make and that were ignored.</summary>
    internal long IgnoredAccesses { get; private set; }

    /// <summary>Reads a register or a part of the configuration space.</summary>
    /// <returns>False when the read is held.</returns>
    internal bool TryRead(int vcpu, uint offset, int width, out ulong value)
    {
        if (offset >= MmioRegister.Config)
        {
            value = Volatile.Read(ref _config).Read(offset - MmioRegister.Config, width);
            return true;
        }

        if (width != 4 || offset % 4 != 0)
        {
            IgnoredAccesses++;
            value = 0;
            return true;
        }

        DeviceOffer? offer = Volatile.Read(ref _offer);
        if (offset == MmioRegister.DeviceId && offer is null && _owner.TryHoldProbe(vcpu))
        {
            value = 0;
            return false;
        }

        value = ReadRegister(offset, offer);
        return true;
    }

    /// <summary>Writes a register or a field of the configuration space.</summary>
    /// <returns>False when the write is held.</returns>
    internal bool TryWrite(int vcpu, uint offset, int width, ulong value)
    {
        if (offset >= MmioRegister.Config)
        {
            return WriteConfig(vcpu, offset - MmioRegister.Config, width, value);
        }

        if (width != 4 || offset % 4 != 0)
        {
            IgnoredAccesses++;
            return true;
        }

        return WriteRegister(vcpu, offset, (uint)value);
    }

    private uint ReadRegister(uint offset, DeviceOffer? offer)
    {
        switch (offset)
        {
            case MmioRegister.MagicValue: return MmioRegister.Magic;
            case MmioRegister.Version: return 2;
            case MmioRegister.DeviceId: return offer?.DeviceId ?? 0;
            case MmioRegister.VendorId: return offer?.VendorId ?? 0;
            case MmioRegister.DeviceFeatures: return FeatureWord(offer?.Features ?? 0);
            case MmioRegister.QueueSizeMax: return offer is null || !TryQueue(out int max) ? 0u : _queueSizes[max];
            case MmioRegister.QueueReady: return TryQueue(out int ready) ? _memory.Queue(ready).Ready : 0;
            case MmioRegister.QueueReset: return TryQueue(out int reset) ? _memory.Queue(reset).Resetting : 0;
            case MmioRegister.InterruptStatus: return (uint)Volatile.Read(ref State.InterruptStatus);
            case MmioRegister.Status: return Status;
            case MmioRegister.ConfigGeneration: return Volatile.Read(ref _config).Generation;

            // No shared memory regions: all ones, whatever ShmSel says (4.2.2, SHMLenLow).
            case MmioRegister.ShmLenLow or MmioRegister.ShmLenHigh or MmioRegister.ShmBaseLow or MmioRegister.ShmBaseHigh:
                return uint.MaxValue;
            default: return 0;
        }
    }

    private uint FeatureWord(ulong features) =>
        State.DeviceFeaturesSel <= 1 ? (uint)(features >> (32 * (int)State.DeviceFeaturesSel)) : 0;

    private uint Status => State.Status | (Volatile.Read(ref State.NeedsReset) != 0 ? DeviceStatus.NeedsReset : 0);

    /// <summary>The queue that QueueSel names, if it exists.</summary>
    private bool TryQueue(out int queue)
    {
        queue = (int)Math.Min(State.QueueSel, int.MaxValue);
        return queue < _memory.QueueCount;
    }

    private bool Post(in DeviceCommand command)
    {
        if (!Commands.TryPost(in command))
        {
            // The control thread is far behind. The device is lost, the vCPU is not.
            Interlocked.Exchange(ref State.NeedsReset, 1);
            return false;
        }

        _owner.CommandPosted(held: command.Vcpu >= 0);
        return true;
    }

    /// <summary>Posts a command that the control thread ends with a Finish method; until then the registers are its own.</summary>
    private bool PostTransition(in DeviceCommand command)
    {
        Interlocked.Increment(ref _transitions);
        if (Post(in command))
        {
            return true;
        }

        Interlocked.Decrement(ref _transitions);
        return false;
    }
}
