using Microsoft.Extensions.Logging;
using XenDmHost.Abstractions;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;

namespace XenDmHost.Host.Guests;

/// <summary>
/// Gives a back-end the socket for its plugin, over one connection. On the device's control thread, except for the news of
/// the channel's end.
/// </summary>
internal sealed class SideChannelPort : IDisposable
{
    private readonly SideChannelNeed _need;
    private readonly ISideChannelDevice _plugin;
    private readonly EventFd _wakeUp;
    private readonly int _limitMs;
    private readonly ILogger _log;
    private SideChannel? _channel;
    private volatile string? _violation;

    private SideChannelPort(SideChannelNeed need, ISideChannelDevice plugin, EventFd wakeUp, int limitMs, ILogger log)
    {
        _need = need;
        _plugin = plugin;
        _wakeUp = wakeUp;
        _limitMs = limitMs;
        _log = log;
    }

    /// <summary>The port of a device; null when it needs none.</summary>
    /// <param name="plan">The device.</param>
    /// <param name="wakeUp">Wakes the control thread when the back-end breaks a rule.</param>
    /// <param name="limitMs">How long a message may take.</param>
    /// <param name="log">The device's log.</param>
    internal static SideChannelPort? For(DevicePlan plan, EventFd wakeUp, int limitMs, ILogger log) =>
        plan.Model.Needs.SideChannel is { } need && plan.SideChannel is { } plugin
            ? new SideChannelPort(need, plugin, wakeUp, limitMs, log)
            : null;

    /// <summary>What the back-end did wrong on its socket; null as long as all is well.</summary>
    internal string? Violation => _violation;

    /// <summary>
    /// Hands the back-end a socket before its rings start. One that it has and uses stays: back-ends on libvhost-user take
    /// a single one in the life of a connection.
    /// </summary>
    internal VhostUserResult Hand(VhostUserFrontEnd frontEnd)
    {
        if (_channel is { IsOpen: true })
        {
            return VhostUserResult.Ok;
        }

        _channel?.Dispose();
        _channel = new SideChannel(_need, _plugin.OpenSideChannel(), _limitMs, OnEnded);
        VhostUserResult result = frontEnd.SendSideChannel(_need.Request, _channel.Theirs, confirm: true);
        _channel.CloseTheirs();
        return result;
    }

    public void Dispose()
    {
        _channel?.Dispose();
        _channel = null;
    }

    private void OnEnded(SideChannelEnd end)
    {
        if (end.Violation is null)
        {
            _log.LogInformation("the back-end has closed its socket \"{Name}\"", _need.Name);
            return;
        }

        if (end.PluginFault is not null)
        {
            _log.LogError(end.PluginFault, "socket \"{Name}\": {Violation}", _need.Name, end.Violation);
        }

        _violation = $"socket \"{_need.Name}\": {end.Violation}";
        _wakeUp.TrySignal();
    }
}
