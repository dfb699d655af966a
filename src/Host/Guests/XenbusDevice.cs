using Microsoft.Extensions.Logging;
using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Xenbus;

namespace XenDmHost.Host.Guests;

/// <summary>
/// A device that the guest finds on xenbus: its window is claimed before the guest hears of it, its interrupt is an event
/// channel of the guest, and driver and host walk through the states together.
/// </summary>
internal sealed class XenbusDevice : IServedNode, IXenbusDevice
{
    private readonly NodeContext _context;
    /// <summary>How often it is said that the driver came or went.</summary>
    private const int MaxTold = 64;

    private readonly DevicePlan _plan;
    private readonly XenbusHandshake _handshake;
    private readonly ulong _base;
    private bool _inUse;
    private SwitchedInterrupt? _interrupt;
    private bool _ready;
    private bool _resetting;
    private bool _reset;
    private bool _ended;
    private string _lastRefusal = "";
    private int _told;

    /// <param name="context">What the session's devices share.</param>
    /// <param name="node">The node.</param>
    /// <param name="plan">The device.</param>
    /// <param name="connected">What the guest's end has published if it is connected already; null for one that is not.</param>
    internal XenbusDevice(NodeContext context, VirtioBackEndNode node, DevicePlan plan, GuestOffer? connected)
    {
        _inUse = connected is not null;
        _context = context;
        _plan = plan;
        _base = connected?.Base ?? node.Base;
        Address = node.Address;
        _handshake = new XenbusHandshake(context.Store, node.Address.Path, node.XenbusFrontendPath, this, context.Limits);
    }

    public VirtioNodeAddress Address { get; }

    public bool IsClaimed => _interrupt is not null;

    public bool IsReady => _ready;

    /// <summary>Begins the handshake.</summary>
    internal XenStoreError Start() => _handshake.Start();

    public string? Claim()
    {
        if (_interrupt is not null)
        {
            return null;
        }

        if (_base == 0)
        {
            return $"{Address}/base: is missing or 0: attach the device anew, so that a place is chosen";
        }

        if (_plan.Base is { } wanted && wanted != _base)
        {
            return $"{Address}/base: the guest is told 0x{_base:x}, the guest file says 0x{wanted:x}: detach the device and attach it again";
        }

        SwitchedInterrupt interrupt = new();
        string? problem = Attempt(() => _context.Session.Add(_plan, _base, interrupt, _inUse));
        _inUse = false;
        _interrupt = problem is null ? interrupt : null;
        return problem;
    }

    public string? Connect(GuestOffer offer)
    {
        // A driver that comes is none that was reset for.
        _reset = false;
        string? problem = offer.Base is { } place && place != _base && SpecialPages.Overlap(place, GuestOffer.WindowSize)
            ? $"the guest wants its window at 0x{place:x}, where the platform's own pages are"
            : Attempt(() => _context.Session.Move(_plan.Id, offer.Base ?? _base));
        if (problem is null)
        {
            problem = Attempt(() =>
            {
                // A line must go before the same port can be bound again.
                _interrupt!.Switch(null);
                _interrupt.Switch(_context.Session.OpenEventChannel(offer.EventChannel));
            });
            problem = problem is null ? null : $"event-channel {offer.EventChannel}: {problem}";
        }

        if (problem is null)
        {
            Tell($"the guest's driver is connected by event channel {offer.EventChannel}");
        }

        return problem;
    }

    /// <summary>The back-end may take its time to stop the rings, and other devices' events come on this thread too.</summary>
    public bool TryReset()
    {
        if (_interrupt is null || _reset)
        {
            _reset = false;
            return true;
        }

        if (!_resetting)
        {
            _resetting = true;
            _context.Session.Reset(_plan.Id, () => _context.Store.Post(OnReset));
        }

        return false;
    }

    private void OnReset()
    {
        _resetting = false;
        _reset = true;
        _handshake.Look();
    }

    public string SentAway()
    {
        string what = $"no back-end daemon came to {_plan.BackEnd.Socket} within {_context.Limits.Daemon.TotalSeconds:0.###} s";
        string todo = _plan.BackEnd.Launch.Count > 0 ? "see above why it does not serve" : "start it";
        _context.Log.LogWarning(
            "device {Id}: {What}: the guest goes on without the device: {ToDo}; the guest's driver is offered the device again when the daemon is there", _plan.Id, what, todo);
        return what;
    }

    public void Disconnect()
    {
        Tell("the guest's driver has let go");
        _interrupt?.Switch(null);
    }

    /// <summary>What a guest does again and again does not fill the log.</summary>
    private void Tell(string what)
    {
        _told++;
        _context.Log.Log(_told <= MaxTold ? LogLevel.Information : LogLevel.Debug, "device {Id}: {What}", _plan.Id, what);
        if (_told == MaxTold)
        {
            _context.Log.LogInformation("device {Id}: that the guest's driver comes and goes is no longer said", _plan.Id);
        }
    }

    public void Release()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        _interrupt = null;
        _context.Log.LogInformation("device {Id}: removed by the toolstack", _plan.Id);
        _context.Session.Remove(_plan.Id, () => _context.Store.Post(() => _context.Ended(this)));
    }

    public void Refused(string reason)
    {
        if (reason != _lastRefusal)
        {
            _lastRefusal = reason;
            _context.Log.LogError("device {Id} is not served: {Reason}", _plan.Id, reason);
        }
    }

    public void BackEndReady()
    {
        _ready = true;
        _handshake.Look();
    }

    public void Changed(VirtioNodeChange change) => _handshake.Look();

    public void Dispose()
    {
        _ended = true;
        _handshake.Dispose();
    }

    private static string? Attempt(Action step)
    {
        try
        {
            step();
            return null;
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            return error.Message;
        }
    }
}
