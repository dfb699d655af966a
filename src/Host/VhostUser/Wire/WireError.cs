namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>What is wrong with the header of a reply. A value, because the peer is not trusted and not an exception.</summary>
internal enum WireError
{
    None,

    /// <summary>Fewer than 12 bytes.</summary>
    Truncated,

    /// <summary>The low two bits of the flags are not 1.</summary>
    Version,

    /// <summary>Not exactly the flags of a reply.</summary>
    Flags,

    /// <summary>More payload than any defined message has.</summary>
    Oversized,
}
