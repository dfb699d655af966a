using Microsoft.Extensions.Logging;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Ioreq;
using XenDmHost.Host.Native;
using XenDmHost.Host.Notify;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.Host.Guests;

/// <summary>
/// The control thread of one device. It reaches the back-end, again and again if need be, brings rings up and down as
/// the guest's registers ask, and answers the accesses that had to wait for that. Whatever it does has a limit.
/// </summary>
internal sealed partial class DeviceController : IDisposable
{
    /// <summary>How often starting the rings may fail without a word from the back-end before the driver is told.</summary>
    private const int MaxSilentStarts = 3;

    /// <summary>A back-end that leaves later than this after its start did not leave because of that, in milliseconds.</summary>
    private const int SteadyMs = 5000;

    private readonly DevicePlan _plan;
    private readonly GuestDevice _device;
    private readonly IDomain _domain;
    private readonly IAnswer _answer;
    private readonly Action _synchronize;
    private readonly KickRouter _routeKick;
    private bool _saidKicks;
    private readonly CallRelay _relay;
    private readonly DeviceLimits _limits;
    private readonly IDeviceEvents _events;
    private readonly ILogger _log;
    private readonly FeaturePolicy _features;
    private readonly ConfigSpace _config;
    private readonly BackEndLink _link;
    private readonly ResumeState _resume;
    private readonly Thread _thread;
    private BackEndSession? _session;
    private bool _started;

    /// <summary>A back-end was told of the rings since the last reset. It may have used them, even if it then died of the start.</summary>
    private bool _ringsTold;
    private bool _tellAdopted;
    private byte[]? _configOfBackEnd;
    private int _silentStarts;
    private long _callsAtStart;
    private long _startedAt;
    private volatile bool _stopping;
    private Action? _ended;

    internal DeviceController(DevicePlan plan, GuestDevice device, ControllerContext context)
    {
        _plan = plan;
        _device = device;
        _domain = context.Domain;
        _answer = context.Answer;
        _synchronize = context.Synchronize;
        _routeKick = context.RouteKick;
        _relay = context.Relay;
        _limits = context.Limits;
        _events = context.Events;
        _log = context.Log;
        _features = new FeaturePolicy(plan.Model.Features, accessPlatform: context.IsXen || plan.Grants == true);
        _config = new ConfigSpace(plan.Model.ConfigSpace);
        _resume = new ResumeState(device.Registers, plan.QueueSizes.Max());
        _link = new BackEndLink(plan.BackEnd, context.Limits, context.Launcher, device.WakeUp, context.Log);

        // Grants are mapped by flags that other back-ends do not know.
        _requireXenMmap = context.IsXen || plan.Grants == true;
        if (context.StateIsLost)
        {
            // What the driver had set up was known to the host that is gone. A driver that runs must begin anew.
            _device.Registers.SetNeedsReset();
            _tellAdopted = true;
        }

        // Rings that an earlier host may have started go on where they are.
        _started = _ringsTold = _device.Registers.IsDriverOk;
        _config.Restore(_device.Registers.Config.Bytes);

        _thread = new Thread(Run) { Name = $"{plan.Model.Identity.Name} {plan.Id}", IsBackground = true };
    }

    private readonly bool _requireXenMmap;

    /// <summary>What the device is.</summary>
    internal string Name => _plan.Model.Identity.Name;

    /// <summary>Whether its thread is at its end: nothing of the device is in use any more.</summary>
    internal bool HasEnded => !_thread.IsAlive;

    internal void Start() => _thread.Start();

    /// <summary>
    /// Has its thread stop the rings, answer every write that is held, and end the daemon if the host started it. Waits for
    /// nothing, so that the devices of a guest end all at once. Probes that wait stay as they are: no driver comes back to a
    /// device that it was told is not there, and a successor finds and serves them.
    /// </summary>
    /// <param name="ended">Called by that thread as the last thing it does.</param>
    internal void BeginToEnd(Action? ended = null)
    {
        if (_stopping)
        {
            return;
        }

        _ended = ended;
        _stopping = true;
        _device.EndSoon();
    }

    /// <summary>Ends the device and waits for that.</summary>
    public void Dispose()
    {
        BeginToEnd();
        if (_thread.IsAlive && !_thread.Join(_limits.HoldMs + _limits.StopDaemonMs + 1000))
        {
            _log.LogCritical("device {Id}: its control thread does not end; please report this", _plan.Id);
        }
    }

    private void Run()
    {
        while (!_stopping)
        {
            Guard(Step, () => FailDevice("an internal error"));
        }

        Guard(ShutDown, () => { });
        Guard(_link.Dispose, () => { });
        Guard(_resume.Dispose, () => { });
        Guard(() => _ended?.Invoke(), () => { });
    }

    /// <summary>An error of ours or of the system (no descriptors, no memory) costs this device its service, no more.</summary>
    private void Guard(Action work, Action recover)
    {
        try
        {
            work();
        }
        catch (Exception fault)
        {
            _log.LogError(fault, "device {Id}: {Message}", _plan.Id, fault.Message);
            _link.Failed();
            Guard(recover, () => { });
        }
    }

    private void Step()
    {
        while (_device.Registers.Commands.TryTake(out DeviceCommand command))
        {
            Handle(in command);
        }

        LookAtResets();
        LookAtComplaints();
        RefreshConfig();
        LookAtMemory();
        if (_device.Registers.Offer is { } offer)
        {
            _device.Probes.Answer(offer.DeviceId);
        }

        if (_session is null && !_guestIsGone && _link.IsDue)
        {
            Connect();
        }

        if (!_stopping && _device.Registers.Commands.IsEmpty)
        {
            Wait();
        }
    }

    private void LookAtComplaints()
    {
        if (_device.TakeKickFailure())
        {
            FailDevice("the back-end blocks the kick eventfd");
        }

        if (_device.TakeRingErrors() is var queues and not 0)
        {
            FailDevice($"the back-end reports a broken ring (queues as bits: 0x{queues:x})");
        }

        if (_session?.SideChannel?.Violation is { } violation)
        {
            FailDevice(violation);
        }
    }

    private void Wait()
    {
        long until = _session is null && !_guestIsGone ? _link.DueAt : long.MaxValue;
        int timeout = until == long.MaxValue ? -1 : (int)Math.Clamp(until - Environment.TickCount64, 0, 60_000);
        Span<int> ready = stackalloc int[2];
        FileDescriptor? peer = _session?.Descriptor ?? (_guestIsGone ? null : _link.Listener);
        Poller.Wait([_device.WakeUp.Descriptor, peer], [Libc.PollIn, Libc.PollIn], timeout, ready);
        if (ready[0] != 0)
        {
            _device.WakeUp.TryDrain();
        }

        if (ready[1] != 0)
        {
            OnPeerReady();
        }
    }

    private void OnPeerReady()
    {
        if (_session is null)
        {
            _link.ListenerReady();
        }
        else if (_session.CheckIdle() is { IsOk: false } gone)
        {
            _log.LogWarning("device {Id}: {Result}", _plan.Id, gone);
            OnGone(gone);
        }
    }

    /// <summary>
    /// A back-end that ends right after each start, before it used a buffer, most likely ends of what it finds in the
    /// rings. Then the driver is told, because only a reset gets rid of that.
    /// </summary>
    private void OnGone(VhostUserResult gone)
    {
        bool atStart = _session!.HasRings && !_session.HasUnseenCalls && _device.Calls == _callsAtStart && Environment.TickCount64 - _startedAt < SteadyMs;
        _silentStarts = atStart ? _silentStarts + 1 : 0;
        if (_silentStarts < MaxSilentStarts)
        {
            Disconnect(kill: gone.Failure != VhostUserFailure.Closed);
        }
        else
        {
            FailDevice($"its back-end has ended {_silentStarts} times right after the start of the rings");
        }
    }

    private void ShutDown()
    {
        if (_session?.StopRings(reset: false) is { IsOk: false } failed)
        {
            _log.LogWarning("device {Id}: while stopping: {Result}", _plan.Id, failed);
        }

        while (_device.Registers.Commands.TryTake(out DeviceCommand command))
        {
            Handle(in command);
        }

        LookAtResets();
        _session?.Dispose();
        _session = null;
    }

    /// <summary>Tells the driver that only a reset helps, and lets the back-end go.</summary>
    private void FailDevice(string why)
    {
        _log.LogError("device {Id} needs a reset by its guest: {Why}", _plan.Id, why);
        Disconnect(kill: true);
        if (_device.Registers.SetNeedsReset())
        {
            _device.RaiseConfigChange();
        }
    }

    private void Disconnect(bool kill)
    {
        BackEndSession? session = _session;
        _session = null;
        session?.Dispose();
        _link.Disconnected(kill);
    }
}
