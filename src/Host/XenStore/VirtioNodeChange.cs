namespace XenDmHost.Host.XenStore;

/// <summary>What happened to a device's folder.</summary>
internal enum VirtioNodeChange
{
    /// <summary>It is there: since now, or since before we looked for the first time.</summary>
    Added,

    /// <summary>It is still there, and the toolstack wants the device gone (<c>online</c> is 0).</summary>
    WentOffline,

    /// <summary>It is gone, or belongs to another guest that got the same domid.</summary>
    Removed,
}
