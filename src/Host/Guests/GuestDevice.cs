using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Ioreq;
using XenDmHost.Host.Native;
using XenDmHost.Host.Notify;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.Host.Guests;

/// <summary>
/// A device where three threads meet: the one that answers ioreqs, the relay, and the device's own control thread, which
/// is told what it has to do through <see cref="RegisterFile.Commands"/> and <see cref="WakeUp"/>.
/// </summary>
internal sealed class GuestDevice : IMmioDevice, IRegisterFileOwner, ICallTarget, IDisposable
{
    /// <summary>More than a guest has vCPUs (HVM_MAX_VCPUS: 128); a power of two, so that the counts may wrap.</summary>
    private const uint MaxHeld = 256;

    private readonly IInterruptLine _interrupt;
    private readonly int _holdMs;
    private readonly Func<long> _clock;

    /// <summary>When each access that is held came, in the order of their answers: there is one for each vCPU at most.</summary>
    private readonly long[] _heldAt = new long[MaxHeld];
    private uint _heldCount;
    private uint _answeredCount;
    private int _kickFailed;
    private int _ringErrors;
    private long _endBy = long.MaxValue;
    private long _interrupts;
    private readonly bool[] _kernelKicks;

    /// <param name="windowBase">Where its registers are in the guest.</param>
    /// <param name="layout">What is fixed about it.</param>
    /// <param name="memory">Its registers.</param>
    /// <param name="interrupt">Its interrupt; owned.</param>
    /// <param name="holdMs">How long an access may be held.</param>
    /// <param name="probes">Reads of DeviceID that wait.</param>
    /// <param name="clock">The time in milliseconds; null for Environment.TickCount64.</param>
    internal GuestDevice(
        ulong windowBase, RegisterFileLayout layout, RegisterMemory memory, IInterruptLine interrupt, int holdMs, HeldProbes probes, Func<long>? clock = null)
    {
        _clock = clock ?? (() => Environment.TickCount64);
        Probes = probes;
        Base = windowBase;
        _interrupt = interrupt;
        _holdMs = holdMs;
        Registers = new RegisterFile(layout, this, memory);
        _kernelKicks = new bool[layout.QueueSizes.Count];
        Kicks = new KickRoute(layout.QueueSizes.Count);
        FirstKicks = new KickRoute(layout.QueueSizes.Count);
    }

    public ulong Base { get; private set; }

    public ulong Size => MmioRegister.WindowSize;

    internal RegisterFile Registers { get; }

    /// <summary>The guest's kicks, on the thread that answers ioreqs.</summary>
    internal KickRoute Kicks { get; }

    /// <summary>The kick with which every start of a ring ends, on the control thread.</summary>
    internal KickRoute FirstKicks { get; }

    /// <summary>Wakes the control thread.</summary>
    internal EventFd WakeUp { get; } = EventFd.Create();

    /// <summary>How often the back-end said that it used buffers.</summary>
    internal long Calls { get; private set; }

    /// <summary>How often this process interrupted the guest.</summary>
    internal long Interrupts => Volatile.Read(ref _interrupts);

    /// <summary>
    /// When, in Environment.TickCount64, the accesses that are held now must be answered; long.MaxValue while none is.
    /// </summary>
    internal long HoldDeadline
    {
        get
        {
            uint answered = Volatile.Read(ref _answeredCount);
            return Volatile.Read(ref _heldCount) != answered ? Volatile.Read(ref _heldAt[answered % MaxHeld]) + _holdMs : long.MaxValue;
        }
    }

    /// <summary>When, in Environment.TickCount64, waiting for the back-end must end, whatever it is for.</summary>
    internal long Deadline => Math.Min(HoldDeadline, Volatile.Read(ref _endBy));

    /// <summary>
    /// Whether what takes long and can be begun again has to give way: the device is to end, or half of the time is over for
    /// which an access may be held. The other half is for the back-end.
    /// </summary>
    internal bool MustHurry => Volatile.Read(ref _endBy) != long.MaxValue || _clock() >= HoldDeadline - (_holdMs / 2);

    /// <summary>Reads of DeviceID that wait for the back-end.</summary>
    internal HeldProbes Probes { get; }

    public bool TryRead(int vcpu, uint offset, int width, out ulong value) => Registers.TryRead(vcpu, offset, width, out value);

    public bool TryWrite(int vcpu, uint offset, int width, ulong value) => Registers.TryWrite(vcpu, offset, width, value);

    /// <summary>The interrupt, for who can have the kernel raise it.</summary>
    internal IInterruptLine Interrupt => _interrupt;

    /// <summary>Says whose the kicks of a queue are; any thread.</summary>
    internal void SetKernelKick(int queue, bool kernels) => Volatile.Write(ref _kernelKicks[queue], kernels);

    /// <summary>The kernel compares the low 16 bits alone.</summary>
    public bool IsKernels(uint offset, int width, ulong value) =>
        offset == MmioRegister.QueueNotify && width == 4 && (value & 0xFFFF) < (ulong)_kernelKicks.Length
        && Volatile.Read(ref _kernelKicks[value & 0xFFFF]);

    public void Kick(int queue)
    {
        if (!Kicks.TryKick(queue))
        {
            ReportKickFailure();
        }
    }

    public void CommandPosted(bool held)
    {
        if (held)
        {
            Volatile.Write(ref _heldAt[_heldCount % MaxHeld], _clock());
            Volatile.Write(ref _heldCount, _heldCount + 1);
        }

        WakeUp.TrySignal();
    }

    public void OnCall(int queue)
    {
        Calls++;
        RaiseUsedBuffer();
    }

    public void OnRingError(int queue)
    {
        Interlocked.Or(ref _ringErrors, 1 << (queue & 31));
        WakeUp.TrySignal();
    }

    /// <summary>Moves the window, while no access can reach the device.</summary>
    internal void MoveTo(ulong windowBase) => Base = windowBase;

    /// <summary>The device is to end: from now on nothing waits longer for the back-end than a held access would.</summary>
    internal void EndSoon()
    {
        Volatile.Write(ref _endBy, _clock() + _holdMs);
        WakeUp.TrySignal();
    }

    /// <summary>Tells the driver to look at its queues.</summary>
    internal void RaiseUsedBuffer()
    {
        Registers.SetInterruptStatus(InterruptBits.UsedBuffer);
        Raise();
    }

    /// <summary>An access that was held has been answered.</summary>
    /// <remarks>The next one's time has been running since it came: a vCPU does not wait for the sum of all.</remarks>
    internal void HoldEnded() => Volatile.Write(ref _answeredCount, _answeredCount + 1);

    public bool TryHoldProbe(int vcpu)
    {
        if (!Probes.TryHold(vcpu))
        {
            return false;
        }

        // The back-end may have come just now; then the control thread answers this one too.
        WakeUp.TrySignal();
        return true;
    }

    /// <summary>Answers the probes whose time is over; any thread.</summary>
    internal void AnswerOverdueProbes() => Probes.AnswerOverdue(Registers.Offer?.DeviceId ?? 0);

    /// <summary>A kick could not be delivered, or was stuck.</summary>
    internal void ReportKickFailure()
    {
        Volatile.Write(ref _kickFailed, 1);
        WakeUp.TrySignal();
    }

    /// <summary>Whether a kick failed since the last call.</summary>
    internal bool TakeKickFailure() => Interlocked.Exchange(ref _kickFailed, 0) != 0;

    /// <summary>The queues whose rings the back-end called broken since the last call, as bits.</summary>
    internal int TakeRingErrors() => Interlocked.Exchange(ref _ringErrors, 0);

    /// <summary>Tells the driver to look at Status and at the configuration space.</summary>
    internal void RaiseConfigChange()
    {
        Registers.SetInterruptStatus(InterruptBits.ConfigChange);
        Raise();
    }

    private void Raise()
    {
        Interlocked.Increment(ref _interrupts);
        _interrupt.Raise();
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        WakeUp.Dispose();
    }
}
