using Microsoft.Extensions.Logging;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;

namespace XenDmHost.Host.Guests;

/// <summary>
/// The way to a device's back-end: starts its daemon if the guest file says so, and tries to connect without a limit on
/// how often, with growing pauses. Says once what is in the way, and again when that changes or much time has passed.
/// On the device's control thread.
/// </summary>
internal sealed class BackEndLink : IDisposable
{
    private const int RepeatMs = 10_000;

    private readonly BackEndPlan _plan;
    private readonly DeviceLimits _limits;
    private readonly DaemonLauncher _launcher;
    private readonly EventFd _wakeUp;
    private readonly ILogger _log;
    private readonly RetryDelay _delay;
    private BackEndConnector? _connector;
    private BackEndDaemon? _daemon;
    private string _said = "";
    private long _saidAt;
    private int _attempts;
    private bool _killedByUs;
    private bool _leftByUs;

    internal BackEndLink(BackEndPlan plan, DeviceLimits limits, DaemonLauncher launcher, EventFd wakeUp, ILogger log)
    {
        _plan = plan;
        _limits = limits;
        _launcher = launcher;
        _wakeUp = wakeUp;
        _log = log;
        _delay = new RetryDelay(limits.ConnectBackoffMaxMs);
    }

    /// <summary>When, in Environment.TickCount64, the next attempt is due; long.MaxValue for never.</summary>
    internal long DueAt { get; private set; }

    internal bool IsDue => Environment.TickCount64 >= DueAt;

    /// <summary>Readable when a daemon connects to us; null when we connect to it.</summary>
    internal FileDescriptor? Listener => _connector?.Listener;

    /// <summary>One attempt; null when there is no connection yet.</summary>
    internal UnixSocket? TryConnect()
    {
        if (!TryOpen())
        {
            return null;
        }

        if (_plan.Launch.Count > 0 && !EnsureDaemon())
        {
            return null;
        }

        ConnectAttempt attempt = _connector!.TryOnce();
        if (!attempt.IsConnected)
        {
            Refused(attempt.Problem);
        }

        return attempt.Socket;
    }

    private bool TryOpen()
    {
        try
        {
            _connector ??= _plan.Listen ? BackEndConnector.ListenAt(_plan.Socket) : BackEndConnector.ConnectTo(_plan.Socket);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Refused(refused.Message);
            return false;
        }
    }

    /// <summary>A daemon wants to connect.</summary>
    internal void ListenerReady() => DueAt = 0;

    /// <summary>The back-end was reached and agreed.</summary>
    internal void Succeeded()
    {
        _delay.Reset();
        _attempts = 0;
        _said = "";
    }

    /// <summary>It was not reached, or did not agree: try again after a pause.</summary>
    internal void Refused(string why)
    {
        DueAt = Environment.TickCount64 + _delay.NextMs();
        _attempts++;
        if (why != _said || _attempts == 6 || Environment.TickCount64 - _saidAt > RepeatMs)
        {
            _said = why;
            _saidAt = Environment.TickCount64;

            // A daemon that was just started needs a moment; what still stands after that is worth more than a remark.
            _log.Log(_attempts > 5 ? LogLevel.Warning : LogLevel.Information, "waiting for the back-end: {Why}", why);
        }
    }

    /// <summary>A connection that was good has ended.</summary>
    /// <param name="kill">The back-end broke a rule or is silent: a daemon of ours is not left with the guest's memory.</param>
    internal void Disconnected(bool kill)
    {
        if (kill && _daemon is { HasExited: false })
        {
            _daemon.Kill();
            _killedByUs = true;
        }

        Failed();
    }

    /// <summary>The host itself has left a back-end that did nothing wrong: a daemon that ends then is started again as a matter of course.</summary>
    internal void Left() => _leftByUs = true;

    /// <summary>Something else failed: try again after a pause.</summary>
    internal void Failed() => DueAt = Environment.TickCount64 + _delay.NextMs();

    public void Dispose()
    {
        _connector?.Dispose();
        _daemon?.Stop(_limits.StopDaemonMs);
        if (_daemon is not null && !_plan.Listen)
        {
            RemoveSocketOf(_plan.Socket);
        }

        _daemon?.Dispose();
    }

    /// <summary>Some daemons leave their socket behind when they end (virtiofsd): nobody else would take it away.</summary>
    private static void RemoveSocketOf(string path)
    {
        try
        {
            BackEndConnector.RemoveStale(path);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // Its folder was removed or closed to us meanwhile; the next start takes it away or says what is in the way.
        }
    }

    private bool EnsureDaemon()
    {
        if (_daemon is { HasExited: false })
        {
            return true;
        }

        // "never" is about daemons that end by themselves; one that the host killed is the host's to replace.
        if (_daemon is not null && !_plan.RestartAlways && !_killedByUs && !_leftByUs)
        {
            _log.LogError("the daemon has ended ({Exit}) and \"restart\" is \"never\": the device stays without a back-end", _daemon.ExitText);
            DueAt = long.MaxValue;
            return false;
        }

        if (_daemon is not null)
        {
            _log.Log(_leftByUs ? LogLevel.Information : LogLevel.Warning, "the daemon has ended ({Exit}) and is started again", _daemon.ExitText);
        }

        return Start();
    }

    private bool Start()
    {
        _daemon?.Dispose();
        _daemon = null;
        _killedByUs = _leftByUs = false;
        try
        {
            if (!_plan.Listen)
            {
                // A daemon that was killed leaves its socket behind, and most cannot listen on a path that exists.
                BackEndConnector.RemoveStale(_plan.Socket);
            }

            _daemon = _launcher.Start(_plan.Launch, _wakeUp, _log, _limits.StartDaemonMs);
            return true;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException)
        {
            Refused($"{_plan.Launch[0]}: cannot be started: {error.Message}");
            return false;
        }
    }
}
