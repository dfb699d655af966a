using XenDmHost.Host.XenStore.Xenbus;

namespace XenDmHost.Host.Guests;

/// <summary>How long things may take, in milliseconds.</summary>
/// <param name="HoldMs">How long an access of the guest may be held.</param>
/// <param name="ReplyMs">How long a back-end may take for an answer.</param>
/// <param name="MemTableMs">How long a back-end may take to map the guest's memory.</param>
/// <param name="ConnectBackoffMaxMs">The longest pause between two attempts to connect.</param>
/// <param name="StopDaemonMs">How long a daemon may take to end before it is killed.</param>
internal sealed record DeviceLimits(int HoldMs, int ReplyMs, int MemTableMs, int ConnectBackoffMaxMs, int StopDaemonMs)
{
    /// <summary>How long a guest's driver on xenbus, which is ready, waits for the back-end before it goes on without the device.</summary>
    internal int XenbusWaitMs { get; init; } = 20_000;

    /// <summary>How long the start of a daemon may take.</summary>
    internal int StartDaemonMs { get; init; } = 5000;

    /// <summary>The limits of the handshake on xenbus.</summary>
    internal HandshakeLimits Handshake => new(TimeSpan.FromMilliseconds(HoldMs), TimeSpan.FromMilliseconds(XenbusWaitMs));

    internal static DeviceLimits Default { get; } = new(5000, 5000, 30000, 2000, 3000);
}
