namespace XenDmHost.Host.XenStore;

/// <summary>Limits of the store's protocol, in bytes (xen/io/xs_wire.h).</summary>
internal static class XenStoreLimits
{
    /// <summary>XENSTORE_PAYLOAD_MAX: what an answer may hold at most.</summary>
    internal const int MaxPayload = 4096;

    /// <summary>
    /// What we put into a request at most: /dev/xen/xenbus takes header and payload together in 4096 bytes, and a
    /// request must not depend on which way it goes.
    /// </summary>
    internal const int MaxRequestPayload = MaxPayload - MessageHeader.Size;

    internal const int MaxAbsolutePath = 3072;
    internal const int MaxRelativePath = 2048;
}
