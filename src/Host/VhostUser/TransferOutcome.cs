namespace XenDmHost.Host.VhostUser;

/// <summary>How moving a number of bytes over the socket ended.</summary>
internal enum TransferOutcome
{
    Done,

    /// <summary>End of stream, reset, or broken pipe.</summary>
    Closed,

    /// <summary>The deadline passed first.</summary>
    TimedOut,

    /// <summary>Descriptors came that nobody asked for; they are closed.</summary>
    UnexpectedDescriptors,

    /// <summary>The operating system refused; the errno says why.</summary>
    Error,
}
