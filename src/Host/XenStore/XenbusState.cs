namespace XenDmHost.Host.XenStore;

/// <summary>What stands in the <c>state</c> node of either end of a xenbus device (xen/io/xenbus.h).</summary>
internal enum XenbusState
{
    /// <summary>The node is missing or is no number that means anything.</summary>
    Unknown = 0,
    Initialising = 1,
    InitWait = 2,
    Initialised = 3,
    Connected = 4,
    Closing = 5,
    Closed = 6,
    Reconfiguring = 7,
    Reconfigured = 8,
}
