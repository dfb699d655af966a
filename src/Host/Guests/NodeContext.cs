using Microsoft.Extensions.Logging;
using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Xenbus;

namespace XenDmHost.Host.Guests;

/// <summary>What the devices of one session of a guest share.</summary>
/// <param name="Store">The store.</param>
/// <param name="Session">The session.</param>
/// <param name="Log">The guest's log.</param>
/// <param name="Limits">How long the ends of a device wait for each other.</param>
/// <param name="Ended">Told of a device that is served no more.</param>
internal sealed record NodeContext(XenStoreClient Store, GuestSession Session, ILogger Log, HandshakeLimits Limits, Action<IServedNode> Ended);
