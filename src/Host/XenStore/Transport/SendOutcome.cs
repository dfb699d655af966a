namespace XenDmHost.Host.XenStore.Transport;

/// <summary>What became of a message that was given to a transport.</summary>
/// <param name="Alive">False: the connection is no more.</param>
/// <param name="Refusal">
/// Why the transport refused this one message while the connection goes on; no answer to it will come then.
/// /dev/xen/xenbus does so with a watch that cannot be registered.
/// </param>
internal readonly record struct SendOutcome(bool Alive, XenStoreError Refusal)
{
    internal static SendOutcome Sent => new(true, XenStoreError.None);

    internal static SendOutcome Ended => new(false, XenStoreError.Disconnected);

    internal static SendOutcome Refused(XenStoreError why) => new(true, why);

    internal bool IsSent => Alive && Refusal == XenStoreError.None;
}
