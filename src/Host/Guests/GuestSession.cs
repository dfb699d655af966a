using Microsoft.Extensions.Logging;
using XenDmHost.Host.GuestMemory;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Ioreq;
using XenDmHost.Host.Native;
using XenDmHost.Host.Notify;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.Host.Guests;

/// <summary>
/// A running guest and its devices: the ioreq server with the thread that answers it, the relay, and one control thread
/// per device. Nothing of one guest waits for another.
/// </summary>
internal sealed partial class GuestSession : IDisposable
{
    private readonly Dictionary<int, (GuestDevice Device, DeviceController Controller)> _devices = [];

    /// <summary>Removed, and not yet at their end.</summary>
    private readonly Dictionary<int, (GuestDevice Device, DeviceController Controller)> _leaving = [];
    private readonly Lock _gate = new();
    private readonly MmioMap _map = new();
    private readonly IDomain _domain;
    private readonly IIoreqServer _server;
    private readonly IEventChannels _channels;
    private readonly IoreqLoop _loop;
    private readonly CallRelay _relay;
    private readonly KickWatch _kickWatch;
    private readonly RamMap _ram;
    private readonly MemoryWatch _memory = new();
    private readonly DeviceLimits _limits;
    private readonly DeviceStates _states;
    private readonly DaemonLauncher _launcher;
    private readonly IDeviceEvents _events;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _log;
    private readonly string _guest;

    /// <param name="guest">The guest's name, for logs.</param>
    /// <param name="domain">The domain; owned from here on.</param>
    /// <param name="states">Where the devices' registers are; owned from here on.</param>
    /// <param name="services">What the sessions of a host share.</param>
    /// <param name="events">Told when devices become ready.</param>
    /// <param name="gone">Told when the hypervisor or the domain is gone.</param>
    internal GuestSession(string guest, IDomain domain, DeviceStates states, GuestServices services, IDeviceEvents events, Action gone)
    {
        _guest = guest;
        _domain = domain;
        _states = states;
        _limits = services.Limits;
        _launcher = services.Launcher;
        _logs = services.Logs;
        _events = events;
        _log = _logs.CreateLogger($"guest {guest}");
        _ram = new RamMap(domain.RamBanks.Select(bank => (bank.GuestAddress, bank.Size)));
        _kickWatch = new KickWatch(LookAround);
        try
        {
            _server = domain.OpenIoreqServer(states.Server);
            _channels = domain.OpenEventChannels();
            _relay = new CallRelay(guest);
            _loop = MakeLoop(guest, gone);
            _kickWatch.Start();
        }
        catch
        {
            _relay?.Dispose();
            _channels?.Dispose();
            _server?.Dispose();
            _kickWatch.Dispose();
            states.Dispose();
            domain.Dispose();
            throw;
        }
    }

    private IoreqLoop MakeLoop(string guest, Action gone) => new(_channels, new IoreqPage(_server.Page, _domain.VcpuCount), _map, guest, errno => OnEnded(errno, gone));

    /// <summary>Whether an earlier host served this guest.</summary>
    internal bool Adopted => _server.Adopted;

    internal IoreqCounters Counters => _loop.Dispatcher.Counters;

    /// <summary>What went through this process, by device; any thread.</summary>
    internal IReadOnlyList<DeviceCounts> DeviceCounts()
    {
        // Under the lock a device that is in the list has its registers still.
        lock (_gate)
        {
            return [.. _devices.OrderBy(entry => entry.Key).Select(entry => new DeviceCounts(
                entry.Key, entry.Value.Controller.Name, entry.Value.Device.Registers.IsDriverOk,
                entry.Value.Device.Kicks.Sent, entry.Value.Device.Calls, entry.Value.Device.Interrupts))];
        }
    }

    /// <summary>
    /// Adds a device. Before <see cref="Start"/> for those that a predecessor served: their accesses may be waiting.
    /// </summary>
    /// <exception cref="InvalidOperationException">The window overlaps another device's, or RAM.</exception>
    internal void Add(DevicePlan plan, ulong windowBase, uint irq) => Add(plan, windowBase, _domain.OpenInterrupt(irq), inUse: true);

    /// <summary>The same with an interrupt that is another's; the device disposes it.</summary>
    /// <param name="plan">The device.</param>
    /// <param name="windowBase">Where its registers are in the guest.</param>
    /// <param name="interrupt">Its interrupt.</param>
    /// <param name="inUse">False: the guest's driver begins anew, whatever an earlier host knew of it.</param>
    internal void Add(DevicePlan plan, ulong windowBase, IInterruptLine interrupt, bool inUse)
    {
        if (plan.Grants == true && !_domain.HasGrants)
        {
            interrupt.Dispose();
            throw new InvalidOperationException("this platform has no grants: leave \"grants\" out of the guest file");
        }

        RegisterFileLayout layout = new()
        {
            QueueSizes = plan.QueueSizes,
            WritableFields = ConfigSpace.WritableFieldsOf(plan.Model.ConfigSpace),

            // For grants a back-end gets a descriptor that nobody can restrict: the operator decides that, not the guest.
            IsRam = plan.Grants == true ? IsGuestMemory : _ram.Contains,
            RequiredFeatures = plan.Grants == true ? VirtioFeature.AccessPlatform : 0,
        };
        if (!IsFree(plan.Id))
        {
            interrupt.Dispose();
            throw new InvalidOperationException("the device that was removed from there has not ended");
        }

        HeldProbes probes = new(_loop.Dispatcher, plan.WaitForBackEndMs);
        RegisterMemory memory = _states.Open(plan, keep: Adopted && inUse, out bool kept);
        GuestDevice device = new(windowBase, layout, memory, interrupt, _limits.HoldMs, probes);
        if (kept)
        {
            device.Registers.Restore();
        }

        try
        {
            Claim(device);
        }
        catch
        {
            device.Dispose();
            throw;
        }

        DeviceController controller = new(plan, device, ContextFor(plan, inUse && !kept));
        _kickWatch.Add(device.Kicks, device.ReportKickFailure);
        _kickWatch.Add(device.FirstKicks, device.ReportKickFailure);
        lock (_gate)
        {
            _devices.Add(plan.Id, (device, controller));
        }

        controller.Start();
    }

    /// <summary>Waits for a former device with the same number, and so the same file for its registers and the same socket.</summary>
    private bool IsFree(int id)
    {
        (GuestDevice Device, DeviceController Controller) former;
        lock (_gate)
        {
            if (!_leaving.TryGetValue(id, out former))
            {
                return true;
            }
        }

        former.Controller.Dispose();
        return former.Controller.HasEnded;
    }

    /// <summary>Binds an event channel of the guest as an interrupt.</summary>
    internal IInterruptLine OpenEventChannel(uint guestPort) => _domain.OpenEventChannelInterrupt(guestPort);

    /// <summary>
    /// Resets a device in the place of its driver, which is through with it.
    /// </summary>
    /// <param name="id">The device.</param>
    /// <param name="done">Called once, on another thread, when its rings are stopped and its registers cleared; also when the device goes before that.</param>
    internal void Reset(int id, Action done)
    {
        lock (_gate)
        {
            if (_devices.TryGetValue(id, out (GuestDevice Device, DeviceController Controller) entry))
            {
                entry.Controller.Reset(done);
                return;
            }
        }

        done();
    }

    /// <summary>Moves a device's window. When the new place is no good the window stays where it was.</summary>
    /// <exception cref="InvalidOperationException">The new window overlaps another device's, or RAM.</exception>
    internal void Move(int id, ulong windowBase)
    {
        GuestDevice device;
        lock (_gate)
        {
            device = _devices[id].Device;
        }

        ulong before = device.Base;
        if (before == windowBase)
        {
            return;
        }

        Place(device, windowBase, otherwise: before);
    }

    private void Place(GuestDevice device, ulong windowBase, ulong otherwise)
    {
        _server.UnmapRange(device.Base, device.Size);
        _map.Remove(device);
        _loop.Synchronize();
        device.MoveTo(windowBase);
        try
        {
            Claim(device);
        }
        catch
        {
            device.MoveTo(otherwise);
            Claim(device);
            throw;
        }
    }

    /// <summary>Begins to answer the guest.</summary>
    internal void Start()
    {
        _loop.Start();
        _log.LogInformation(
            "{How} domain {Domid}: {Vcpus} vCPUs, {Ram} MiB of RAM in {Banks} bank(s), {Devices} device(s)",
            Adopted ? "adopted" : "serving", _domain.Domid, _domain.VcpuCount,
            _domain.RamBanks.Sum(bank => (long)(bank.Size >> 20)), _domain.RamBanks.Count, _devices.Count);
    }

    /// <summary>
    /// Takes a device away: its window is nobody's any more, and its back-end is being let go of. That takes a back-end its
    /// time, and the next device's begins meanwhile.
    /// </summary>
    /// <param name="id">The device.</param>
    /// <param name="gone">Called once, on another thread, when nothing of it is left; at once if it is not there.</param>
    internal void Remove(int id, Action gone)
    {
        (GuestDevice Device, DeviceController Controller) entry;
        bool isThere;
        lock (_gate)
        {
            isThere = _devices.Remove(id, out entry);
            if (isThere)
            {
                _leaving[id] = entry;
            }
        }

        if (!isThere)
        {
            gone();
            return;
        }

        // Nothing new arrives, nothing is on its way: what the device still holds is all there is to answer.
        _server.UnmapRange(entry.Device.Base, entry.Device.Size);
        _map.Remove(entry.Device);
        _loop.Synchronize();
        entry.Device.Probes.Answer(0);
        entry.Controller.BeginToEnd(() =>
        {
            Attempt(() => _kickWatch.Remove(entry.Device.Kicks));
            Attempt(() => _kickWatch.Remove(entry.Device.FirstKicks));
            Attempt(entry.Device.Dispose);
            Attempt(() => _states.Forget(id));
            lock (_gate)
            {
                _leaving.Remove(id);
            }

            gone();
        });
    }

    /// <summary>
    /// Stops the devices in order. The ioreq server stays for a successor: a guest that touches a device meanwhile waits
    /// for the next host, and would wait for ever if the server were destroyed under it.
    /// </summary>
    public void Dispose()
    {
        // A device whose node goes at the same time finds that it is being let go of here.
        (GuestDevice Device, DeviceController Controller)[] devices;
        DeviceController[] leaving;
        lock (_gate)
        {
            devices = [.. _devices.Values];
            leaving = [.. _leaving.Values.Select(entry => entry.Controller)];
            _devices.Clear();
        }

        Array.ForEach(devices, entry => Attempt(() => entry.Controller.BeginToEnd()));
        Array.ForEach(devices, entry => Attempt(entry.Controller.Dispose));
        Array.ForEach(leaving, controller => Attempt(controller.Dispose));

        Attempt(_loop.Dispose);
        Attempt(_kickWatch.Dispose);
        Attempt(_relay.Dispose);
        foreach ((GuestDevice device, _) in devices)
        {
            _map.Remove(device);
            Attempt(device.Dispose);
        }

        Attempt(_channels.Dispose);

        // A device that did not end in time may still have the kernel take kicks from the server's page.
        if (Array.TrueForAll(devices, entry => entry.Controller.HasEnded) && Array.TrueForAll(leaving, controller => controller.HasEnded))
        {
            Attempt(_server.Dispose);
            Attempt(_states.Dispose);
        }

        Attempt(_domain.Dispose);
        if (_loop.Dispatcher.FirstFault is { } fault)
        {
            _log.LogError(fault, "{Count} request(s) met an error of ours; each was answered; the first: {Message}", Counters.Faults, fault.Message);
        }
    }

    /// <summary>One step of letting go; what goes wrong in it keeps no other from being done.</summary>
    private void Attempt(Action step)
    {
        try
        {
            step();
        }
        catch (Exception fault)
        {
            _log.LogError(fault, "while letting go of the guest: {Message}", fault.Message);
        }
    }

    private void Claim(GuestDevice device)
    {
        if (_ram.Contains(device.Base, 1) || _ram.Contains(device.Base + device.Size - 1, 1))
        {
            throw new InvalidOperationException($"the window at 0x{device.Base:x} lies in the guest's RAM: choose a place outside of it");
        }

        if (_map.TryAdd(device) is { } other)
        {
            throw new InvalidOperationException($"the window at 0x{device.Base:x} overlaps the device at 0x{other.Base:x}");
        }

        try
        {
            _server.MapRange(device.Base, device.Size);
        }
        catch
        {
            _map.Remove(device);
            throw;
        }
    }

    private ControllerContext ContextFor(DevicePlan plan, bool unknown) => new()
    {
        Domain = _domain,
        Answer = _loop.Dispatcher,
        Synchronize = () => _loop.Synchronize(),
        Relay = _relay,
        Limits = _limits,
        Events = _events,
        Launcher = _launcher,
        Log = _logs.CreateLogger($"{_guest}/{plan.Id} {plan.Model.Identity.Name}"),
        StateIsLost = Adopted && unknown,
        RouteKick = RouteKick,
        IsXen = _domain.RamBanks.Any(bank => bank.Kind == RamKind.Foreign),
    };

    private void OnEnded(int errno, Action gone)
    {
        // A guest that shuts down ends like this too, before xenstore says so.
        _log.LogInformation("the event channels have ended ({Errno}): the guest or the hypervisor is gone", Errno.NameOf(errno));
        gone();
    }
}
