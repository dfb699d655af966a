using XenDmHost.Host.Native;

namespace XenDmHost.Host.Guests;

/// <summary>Has the kernel carry the kicks of a queue to an eventfd.</summary>
/// <param name="device">The device.</param>
/// <param name="queue">The queue.</param>
/// <param name="kick">The eventfd.</param>
/// <param name="refusal">In one line why not; empty when the kernel does it.</param>
/// <returns>Ends it when disposed, before the eventfd's end; null where the kernel cannot.</returns>
internal delegate IDisposable? KickRouter(GuestDevice device, int queue, EventFd kick, out string refusal);
