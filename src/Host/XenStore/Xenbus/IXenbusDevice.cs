namespace XenDmHost.Host.XenStore.Xenbus;

/// <summary>The device behind a handshake. Called on the thread of the store's callbacks.</summary>
internal interface IXenbusDevice
{
    /// <summary>A guest that probes now finds a device.</summary>
    bool IsReady { get; }

    /// <summary>Claims the register window; nothing to do when it is claimed already.</summary>
    /// <returns>Null, or in one line why not.</returns>
    string? Claim();

    /// <summary>Binds the guest's event channel in place of one that was bound before, and moves the window if the guest says so.</summary>
    /// <param name="offer">What the guest's end has published.</param>
    /// <returns>Null, or in one line why not.</returns>
    string? Connect(GuestOffer offer);

    /// <summary>
    /// The guest's driver is through with the device: what it left running is stopped, as by a reset. To be called again
    /// until it is done; the device has the handshake look again then.
    /// </summary>
    /// <returns>Whether it is done.</returns>
    bool TryReset();

    /// <summary>No back-end daemon came while the guest's driver waited for one.</summary>
    /// <returns>In one line, what to do about it.</returns>
    string SentAway();

    /// <summary>Lets go of the event channel. The window stays.</summary>
    void Disconnect();

    /// <summary>Lets go of everything; the last call.</summary>
    void Release();

    /// <summary>The device was refused, and why.</summary>
    void Refused(string reason);
}
