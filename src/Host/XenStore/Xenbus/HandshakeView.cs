namespace XenDmHost.Host.XenStore.Xenbus;

/// <summary>All that the next step of the handshake depends on.</summary>
internal readonly record struct HandshakeView
{
    /// <summary>Our state; null when the node is gone.</summary>
    internal required XenbusState? Ours { get; init; }

    /// <summary>The guest's state; null when the node is gone, Unknown when it is nonsense.</summary>
    internal required XenbusState? Theirs { get; init; }

    /// <summary>False: the toolstack wants the device gone.</summary>
    internal bool Online { get; init; }

    /// <summary>Our state is one that we did not write ourselves.</summary>
    internal bool OursIsForeign { get; init; }

    /// <summary>The guest's event channel is bound.</summary>
    internal bool Bound { get; init; }

    /// <summary>What the guest asks for in this state was refused already.</summary>
    internal bool Refused { get; init; }

    /// <summary>The back-end daemon is there: a guest that probes now finds a device.</summary>
    internal bool Ready { get; init; }

    /// <summary>The guest's driver has waited for the daemon as long as it may.</summary>
    internal bool Overdue { get; init; }

    /// <summary>The driver was sent away because there was no daemon, and none has been connected since.</summary>
    internal bool SentAway { get; init; }

    /// <summary>The guest's driver is ready, and waits for the back-end daemon alone.</summary>
    internal bool WaitsForDaemon =>
        Online && !Ready && !Refused && Theirs is XenbusState.Initialised && Ours is XenbusState.Initialising or XenbusState.InitWait;
}
