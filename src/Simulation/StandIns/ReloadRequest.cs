using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns;

/// <summary>The wish from outside that the device looks at what it serves again.</summary>
/// <param name="Asked">Signalled when that is wished; not owned.</param>
/// <param name="Do">Does it; whether the config has changed.</param>
internal sealed record ReloadRequest(EventFd Asked, Func<bool> Do);
