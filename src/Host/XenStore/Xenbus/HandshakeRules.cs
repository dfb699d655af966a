namespace XenDmHost.Host.XenStore.Xenbus;

/// <summary>
/// Our half of the handshake of a device on xenbus as a table (docs/xenstore.md; states of xen/io/xenbus.h). Connected is
/// said only after the guest's end has said Initialised, for its driver does nothing about one that comes too early.
/// </summary>
internal static class HandshakeRules
{
    internal static HandshakeAction Decide(in HandshakeView view)
    {
        if (view.Ours is not { } ours) return HandshakeAction.Vanish;
        if (!view.Online) return HandshakeAction.Leave;
        if (ours == XenbusState.Closing && view.OursIsForeign) return HandshakeAction.Finish;
        return view.Theirs switch
        {
            null => view.Bound || ours == XenbusState.Connected ? HandshakeAction.Finish : HandshakeAction.None,
            XenbusState.Initialising or XenbusState.InitWait => Begin(view, ours),
            // The answer to a toolstack that wrote Closing: the driver, which is still at Connected, has yet to see it.
            XenbusState.Connected when ours == XenbusState.Closed => HandshakeAction.None,
            XenbusState.Initialised or XenbusState.Connected => Connect(view, ours),
            XenbusState.Closing => ours is XenbusState.Closing or XenbusState.Closed ? HandshakeAction.None : HandshakeAction.Close,
            XenbusState.Closed when view is { SentAway: true, Ready: true, Bound: false } => ours == XenbusState.InitWait ? HandshakeAction.None : HandshakeAction.Offer,
            XenbusState.Closed => ours == XenbusState.Closed && !view.Bound ? HandshakeAction.None : HandshakeAction.Finish,
            _ => view.Refused ? HandshakeAction.None : HandshakeAction.Refuse,
        };
    }

    private static HandshakeAction Begin(in HandshakeView view, XenbusState ours)
    {
        if (view.Refused) return HandshakeAction.None;
        return ours == XenbusState.InitWait && !view.Bound ? HandshakeAction.None : HandshakeAction.Offer;
    }

    private static HandshakeAction Connect(in HandshakeView view, XenbusState ours)
    {
        if (view.Refused) return HandshakeAction.None;
        if (ours == XenbusState.Connected) return view.Bound ? HandshakeAction.Recheck : HandshakeAction.Connect;
        if (view.Ready) return HandshakeAction.Connect;
        return view is { Overdue: true, WaitsForDaemon: true } ? HandshakeAction.GiveUp : HandshakeAction.None;
    }
}
