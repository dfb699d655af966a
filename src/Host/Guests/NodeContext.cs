using Microsoft.Extensions.Logging;
using XenDmHost.Host.XenStore;

namespace XenDmHost.Host.Guests;

/// <summary>What the devices of one session of a guest share.</summary>
/// <param name="Store">The store.</param>
/// <param name="Session">The session.</param>
/// <param name="Log">The guest's log.</param>
/// <param name="LingerLimit">How long a device that shall go is served for a guest that has not let go.</param>
/// <param name="Ended">Told of a device that is served no more.</param>
internal sealed record NodeContext(XenStoreClient Store, GuestSession Session, ILogger Log, TimeSpan LingerLimit, Action<IServedNode> Ended);
