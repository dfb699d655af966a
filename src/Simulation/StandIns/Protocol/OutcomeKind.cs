namespace XenDmHost.Simulation.StandIns.Protocol;

/// <summary>How a request ends.</summary>
internal enum OutcomeKind
{
    /// <summary>Done; acknowledged with 0 if that was asked for.</summary>
    Done,

    /// <summary>Answered with a body of its own.</summary>
    Answered,

    /// <summary>Acknowledged with 1 if that was asked for; then the connection ends.</summary>
    Nack,

    /// <summary>The connection ends without a word.</summary>
    Cut,

    /// <summary>Acknowledged with 0 if that was asked for; then the connection ends.</summary>
    DoneThenCut,

    /// <summary>Nothing was done and nothing is said.</summary>
    Silence,
}
