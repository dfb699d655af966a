namespace XenDmHost.Host.Guests;

/// <summary>How a device's back-end daemon is reached and, if the host starts it, how.</summary>
/// <param name="Socket">The socket's path.</param>
/// <param name="Listen">True when the daemon connects to us.</param>
/// <param name="Launch">The program and its arguments; empty when somebody else starts it.</param>
/// <param name="RestartAlways">Whether a daemon that ended is started again.</param>
internal sealed record BackEndPlan(string Socket, bool Listen, IReadOnlyList<string> Launch, bool RestartAlways);
