namespace XenDmHost.Host.XenStore;

/// <summary>How far a message has come in.</summary>
internal enum WireStatus
{
    Complete,
    Incomplete,

    /// <summary>The length is more than the protocol allows: the stream has lost its framing.</summary>
    Oversized,
}
