namespace XenDmHost.Host.Observe.Control;

/// <summary>How long a control socket waits, in milliseconds.</summary>
/// <param name="PatienceMs">For a client to give its command, and to take the answer.</param>
/// <param name="EndMs">For the socket's thread, when the host ends: a silent client is waited for, and then the command that it gave is carried out.</param>
internal sealed record ControlLimits(int PatienceMs, int EndMs)
{
    internal static ControlLimits Default { get; } = new(5000, 15_000);
}
