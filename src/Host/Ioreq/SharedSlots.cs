namespace XenDmHost.Host.Ioreq;

/// <summary>
/// What is to be looked at again of slots that the kernel works on too. A kick that is the kernel's is left to it; but one
/// that came before the kernel knew of the queue it never sees, and that vCPU would wait for ever. And kernels that hold a
/// slot in INPROCESS for a moment give back what is not theirs. Neither side takes a slot atomically, so a request is
/// taken from the kernel only when it has stood for two looks and no event of its vCPU came between: a vCPU that goes on
/// makes an event for each request, and this thread has read it by the second look.
/// </summary>
/// <remarks>On the thread that answers ioreqs, but for the timer, which only wakes it.</remarks>
internal sealed class SharedSlots : IDisposable
{
    /// <summary>The kernel answers within microseconds; a look every so often until then costs nothing.</summary>
    private const int PauseMs = 2;

    private readonly long[] _events;
    private readonly long[] _leftAt;
    private readonly int[] _looks;
    private readonly Timer _timer;
    private int _left;
    private volatile bool _isShared;

    /// <param name="vcpus">The number of slots.</param>
    /// <param name="wake">Makes the thread look again; any thread.</param>
    internal SharedSlots(int vcpus, Action wake)
    {
        _events = new long[vcpus];
        _leftAt = new long[vcpus];
        _looks = new int[vcpus];
        _timer = new Timer(_ => wake());
    }

    /// <summary>Whether the kernel takes part at all; from the first time on, for good.</summary>
    internal bool IsShared
    {
        get => _isShared;
        set => _isShared = value;
    }

    /// <summary>Whether a slot waits to be looked at again.</summary>
    internal bool IsAnyLeft => _left > 0;

    /// <summary>An event of the vCPU came: what stands in its slot now may be new.</summary>
    internal void Event(int vcpu)
    {
        _events[vcpu]++;
        Settle(vcpu);
    }

    /// <summary>The slot is left as it is, for now.</summary>
    internal void Leave(int vcpu)
    {
        if (_looks[vcpu] == 0)
        {
            _left++;
            _leftAt[vcpu] = _events[vcpu];
            _looks[vcpu] = 1;
        }

        _timer.Change(PauseMs, Timeout.Infinite);
    }

    /// <summary>Whether the slot was left.</summary>
    internal bool IsLeft(int vcpu) => _looks[vcpu] > 0;

    /// <summary>One more look at a slot that was left and stands as it did.</summary>
    /// <returns>Whether it is no longer to be left.</returns>
    internal bool IsAbandoned(int vcpu) => _leftAt[vcpu] == _events[vcpu] && ++_looks[vcpu] > 2;

    /// <summary>The slot need not be looked at again.</summary>
    internal void Settle(int vcpu)
    {
        if (_looks[vcpu] > 0)
        {
            _looks[vcpu] = 0;
            _left--;
        }
    }

    public void Dispose() => _timer.Dispose();
}
