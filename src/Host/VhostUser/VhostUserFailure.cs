namespace XenDmHost.Host.VhostUser;

/// <summary>How a message to the back-end failed.</summary>
internal enum VhostUserFailure
{
    None,

    /// <summary>The back-end answered that it refuses. Most back-ends then close the connection, some end.</summary>
    Nack,

    /// <summary>The back-end closed or reset the connection: also a form of refusal, without words.</summary>
    Closed,

    /// <summary>No answer before the deadline.</summary>
    TimedOut,

    /// <summary>The answer breaks the protocol.</summary>
    Malformed,

    /// <summary>The host did not send it, or does not accept the answer. Only after this kind may the connection still be good.</summary>
    Refused,
}
