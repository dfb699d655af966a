namespace XenDmHost.Host.XenStore.Xenbus;

/// <summary>What our half of the handshake does next.</summary>
internal enum HandshakeAction
{
    /// <summary>Wait for the other end, the back-end daemon or the toolstack.</summary>
    None,

    /// <summary>Our node is gone: let go of the device, and write nothing that would bring the node back.</summary>
    Vanish,

    /// <summary>The toolstack wants the device gone: answer Closed at once; serve until the guest's end has let go.</summary>
    Leave,

    /// <summary>Claim the window if that is not done yet, and say InitWait.</summary>
    Offer,

    /// <summary>Read the event channel, bind it, and say Connected.</summary>
    Connect,

    /// <summary>Connected already; look whether the guest has published another event channel.</summary>
    Recheck,

    /// <summary>Follow the guest's driver to Closing; it may still use the device.</summary>
    Close,

    /// <summary>Say Closed; the event channel is let go of once the guest's end has closed too.</summary>
    Finish,

    /// <summary>The guest wrote a state that means nothing: an error, and Closing.</summary>
    Refuse,

    /// <summary>The back-end daemon has not come in time: Closing, so that the guest's driver does not wait any longer.</summary>
    GiveUp,
}
