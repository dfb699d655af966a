using XenDmHost.Abstractions;
using XenDmHost.Host.GuestMemory;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Native;
using XenDmHost.Host.Notify;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VhostUser.Wire;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.Host.Guests;

/// <summary>
/// One connection to a device's back-end and the rings that run over it. On the device's control thread; after a
/// failure it is disposed and a new one is made.
/// </summary>
internal sealed partial class BackEndSession : IDisposable
{
    private readonly VhostUserFrontEnd _frontEnd;
    private readonly GuestDevice _device;
    private readonly CallRelay _relay;
    private readonly ResumeState _resume;
    private readonly SortedDictionary<int, Ring> _rings = [];
    private BackEndRequestChannel? _requests;
    private bool _featuresSet;
    private int _configChanged;

    /// <param name="socket">The connection; owned from here on.</param>
    /// <param name="device">The device.</param>
    /// <param name="relay">Carries the back-end's calls.</param>
    /// <param name="resume">What outlives this back-end; not owned.</param>
    /// <param name="limits">How long to wait for what.</param>
    internal BackEndSession(UnixSocket socket, GuestDevice device, CallRelay relay, ResumeState resume, VhostUserLimits limits)
        : this(new VhostUserFrontEnd(socket, device.WakeUp, () => device.Deadline, limits), device, relay, resume)
    {
    }

    /// <summary>The same over a connection that is there.</summary>
    internal BackEndSession(VhostUserFrontEnd frontEnd, GuestDevice device, CallRelay relay, ResumeState resume)
    {
        _resume = resume;
        _frontEnd = frontEnd;
        _device = device;
        _relay = relay;
    }

    /// <summary>To wait on for the back-end's leaving.</summary>
    internal FileDescriptor Descriptor => _frontEnd.Descriptor;

    /// <summary>The plugin's own socket to the back-end; owned; null for a device that needs none.</summary>
    internal SideChannelPort? SideChannel { get; init; }

    /// <summary>What the back-end is to be told of the network's MTU; null for nothing.</summary>
    internal MtuNeed? Mtu { get; init; }

    internal BackEndOffer Offer => _frontEnd.Offer;

    internal bool HasRings => _rings.Count > 0;

    /// <summary>Whether back-end and guest reach each other without this process, so that it cannot tell whether buffers are used.</summary>
    internal bool HasUnseenCalls => _rings.Values.Any(ring => ring.HasKernelCalls);

    /// <summary>Whether the kernel carries kicks of a ring.</summary>
    internal bool HasKernelKicks => _rings.Values.Any(ring => ring.HasKernelKicks);

    /// <summary>Whether the rings are in memory that the guest granted.</summary>
    internal bool HasGrants => _grants.Length > 0;

    /// <summary>Whether the kernel shall carry the back-end's calls, where it can.</summary>
    internal bool KernelInterrupts { get; init; }

    /// <summary>Has the kernel carry the kicks; null where this process shall.</summary>
    internal KickRouter? RouteKick { get; init; }

    /// <summary>Told once in one line why the kernel does not carry the kicks.</summary>
    internal Action<string>? KickRefused { get; init; }

    /// <summary>Agrees with the back-end, and serves its own requests from then on if it has any.</summary>
    /// <param name="request">What the host brings and the device needs.</param>
    /// <param name="name">The device, for the name of the thread that serves them.</param>
    /// <param name="refused">Called on that thread with one line for the operator.</param>
    internal VhostUserResult Negotiate(NegotiationRequest request, string name, Action<string> refused)
    {
        _requests = new BackEndRequestChannel($"{name} requests", OnConfigChanged, refused);
        VhostUserResult result = _frontEnd.Negotiate(request with { BackEndRequests = _requests }, out BackEndOffer offer);
        if (!offer.ProtocolFeatures.Has(ProtocolFeature.BackendReq))
        {
            _requests.Dispose();
            _requests = null;
        }

        return result;
    }

    /// <summary>Whether the back-end said since the last call that its config space has changed.</summary>
    internal bool TakeConfigChange() => Interlocked.Exchange(ref _configChanged, 0) != 0;

    internal VhostUserResult ReadConfig(Span<byte> config) => _frontEnd.GetConfig(config);

    internal VhostUserResult WriteConfig(int offset, ReadOnlySpan<byte> bytes) => _frontEnd.SetConfig(offset, bytes);

    internal VhostUserResult CheckIdle() => _frontEnd.CheckIdle();

    /// <summary>Starts every ready queue that does not run yet, in the order of the specification.</summary>
    /// <param name="domain">Where the guest's memory is looked at, to resume.</param>
    /// <param name="resume">The rings ran with an earlier back-end: go on where that one stopped.</param>
    /// <param name="without">A queue that is ready still and is not to be started; -1 for none.</param>
    internal VhostUserResult StartRings(IDomain domain, bool resume, int without = -1)
    {
        RegisterFile registers = _device.Registers;
        HashSet<int> moved = [];
        VhostUserResult result = PrepareMemory(domain, moved, without);
        List<int> ready = [.. Enumerable.Range(0, registers.QueueCount).Where(i => i != without && registers.Queue(i).Ready != 0 && !_rings.ContainsKey(i))];
        if (!_featuresSet)
        {
            result = result.Then(HandSideChannel).Then(() => SetFeatures(registers.DriverFeatures)).Then(() => TellMtu(registers.DriverFeatures)).Then(ShareInflight);
        }

        foreach (int index in ready)
        {
            result = result.Then(() => StartRing(domain, index, resume || moved.Contains(index)));
        }

        foreach (int index in ready)
        {
            result = result.Then(() => _frontEnd.EnableRing(index, enabled: true));
        }

        return result.Then(_frontEnd.TellStart).Then(() => Open(ready, resume || moved.Count > 0));
    }

    /// <summary>
    /// Stops a ring because its driver wants that, if it runs: it will begin at 0 again. Afterwards the back-end does not
    /// touch it any more.
    /// </summary>
    internal VhostUserResult StopRing(int index)
    {
        VhostUserResult result = StopRing(index, out _);
        _resume.Forget(index);
        return result;
    }

    /// <summary>The same, while others may run on: what the back-end has mapped for that ring alone goes too.</summary>
    internal VhostUserResult StopRing(IDomain domain, int index)
    {
        bool mapped = _grants.Length > 0 && _rings.ContainsKey(index);
        VhostUserResult result = StopRing(index);
        if (!mapped)
        {
            return result;
        }

        return result.Then(() => _rings.Count == 0 ? DropGrants() : StartRings(domain, resume: false, without: index));
    }

    private VhostUserResult StopRing(int index, out uint vringBase)
    {
        vringBase = 0;
        if (!_rings.Remove(index, out Ring? ring))
        {
            return VhostUserResult.Ok;
        }

        ring.StopKicks();
        _device.Kicks.Set(index, null);
        VhostUserResult result = _frontEnd.StopRing(index, out vringBase);
        ring.Dispose();
        _device.Registers.ShowUnseenInterrupts(HasUnseenCalls);
        return result;
    }

    /// <summary>Stops all rings.</summary>
    /// <param name="reset">Whether the guest resets the device.</param>
    internal VhostUserResult StopRings(bool reset)
    {
        VhostUserResult result = VhostUserResult.Ok;
        foreach (int index in _rings.Keys.ToArray())
        {
            result = result.Then(() => reset ? StopRing(index) : SuspendRing(index));
        }

        if (_featuresSet)
        {
            _featuresSet = false;
            result = result.Then(_frontEnd.TellStop);
        }

        return reset ? result.Then(_frontEnd.ResetDevice).Then(DropGrants) : result;
    }

    /// <summary>Stops a ring for the host's own reasons: it goes on later where it was.</summary>
    private VhostUserResult SuspendRing(int index)
    {
        VhostUserResult result = StopRing(index, out uint vringBase);
        if (result.IsOk)
        {
            _resume.Stopped(index, vringBase);
        }

        return result;
    }

    public void Dispose()
    {
        foreach (Ring ring in _rings.Values)
        {
            ring.StopKicks();
            _device.Kicks.Set(ring.Index, null);
            ring.Dispose();
        }

        _rings.Clear();
        _device.Registers.ShowUnseenInterrupts(false);
        _frontEnd.Dispose();
        _requests?.Dispose();
        SideChannel?.Dispose();
    }

    private void OnConfigChanged()
    {
        Volatile.Write(ref _configChanged, 1);
        _device.WakeUp.TrySignal();
    }

    private VhostUserResult SetFeatures(ulong driverFeatures)
    {
        _featuresSet = true;
        return _frontEnd.SetFeatures(FeaturePolicy.ForBackEnd(driverFeatures, Offer.Features));
    }

    /// <summary>
    /// Gives the back-end the buffer in which the one before it noted what it worked on, or has it make the first one. A
    /// new one is handed back too: only then is it used.
    /// </summary>
    private VhostUserResult ShareInflight()
    {
        if (!Offer.ProtocolFeatures.Has(ProtocolFeature.InflightShmfd))
        {
            return VhostUserResult.Ok;
        }

        VhostUserResult result = VhostUserResult.Ok;
        if (_resume.Inflight is null)
        {
            result = _frontEnd.GetInflight(_resume.QueueCount, _resume.LargestQueue, out InflightBuffer? made);
            _resume.Inflight = made;
        }

        return result.Then(() => _frontEnd.SetInflight(_resume.Inflight!));
    }

    private VhostUserResult TellMtu(ulong driverFeatures) =>
        Mtu is { } need && (driverFeatures & (1UL << need.FeatureBit)) != 0 ? _frontEnd.SetMtu(need.Mtu) : VhostUserResult.Ok;

    private VhostUserResult HandSideChannel() => SideChannel?.Hand(_frontEnd) ?? VhostUserResult.Ok;

    private VhostUserResult StartRing(IDomain domain, int index, bool resume)
    {
        QueueState queue = _device.Registers.Queue(index);
        ushort start = 0;
        if (resume && !GuestPages.TryReadUsedIndex(domain, queue.Device, out start))
        {
            return VhostUserResult.Refused(MessageSubject.Idle, $"queue {index}: the used ring at 0x{queue.Device:x} cannot be looked at");
        }

        start = resume ? _resume.BaseOf(index, start, queue.Size) : start;
        _resume.Forget(index);
        Ring ring = new(index, _relay, _device, KernelInterrupts);
        _rings[index] = ring;
        _device.Registers.ShowUnseenInterrupts(HasUnseenCalls);
        return _frontEnd.StartRing(new RingSetup
        {
            Index = index,
            Size = (int)queue.Size,
            Base = start,
            DescriptorTable = queue.Descriptors,
            AvailableRing = queue.Driver,
            UsedRing = queue.Device,
            Kick = ring.Kick,
            Call = ring.Call,
            Error = ring.Error,
        });
    }

    /// <summary>
    /// Lets kicks through, and kicks once: requests may be queued already. After a resume the driver is told once too,
    /// for completions that were written and never announced.
    /// </summary>
    private VhostUserResult Open(List<int> indexes, bool resume)
    {
        foreach (int index in indexes)
        {
            _device.Kicks.Set(index, _rings[index].Kick);
            LetKernelKick(_rings[index]);
            if (!KickFirst(index))
            {
                return VhostUserResult.Refused(MessageSubject.Idle, $"queue {index}: the back-end blocks the kick eventfd");
            }

            if (resume)
            {
                _device.RaiseUsedBuffer();
            }
        }

        return VhostUserResult.Ok;
    }

    private void LetKernelKick(Ring ring)
    {
        if (RouteKick is { } router)
        {
            IDisposable? route = router(_device, ring.Index, ring.Kick, out string refusal);
            ring.KickBy(route);
            if (route is null)
            {
                KickRefused?.Invoke(refusal);
            }
        }
    }

    /// <summary>Kicks on this thread: watched as the guest's kicks are, because the back-end can make this write wait too.</summary>
    private bool KickFirst(int index)
    {
        _device.FirstKicks.Set(index, _rings[index].Kick);
        bool kicked = _device.FirstKicks.TryKick(index);
        _device.FirstKicks.Set(index, null);
        return kicked;
    }
}
