using XenDmHost.Host.Native;

namespace XenDmHost.Host.VhostUser;

/// <summary>The outcome of one attempt to reach a back-end.</summary>
/// <param name="Socket">The connection, which the caller owns from here on; null when there is none.</param>
/// <param name="ErrorNumber">0, or the errno of the attempt.</param>
/// <param name="Problem">One line for the operator: what is in the way and what to do; empty when there is a connection.</param>
internal readonly record struct ConnectAttempt(UnixSocket? Socket, int ErrorNumber, string Problem)
{
    internal bool IsConnected => Socket is not null;
}
