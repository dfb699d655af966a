namespace XenDmHost.Host.XenStore.Xenbus;

/// <summary>Takes a device away from a running guest: asks both ends to close, waits for them with a limit, removes the nodes.</summary>
internal sealed class XenbusDetach(XenStoreClient store, VirtioNodeAddress address)
{
    internal DetachOutcome Run(TimeSpan limit)
    {
        string guestFolder = "";
        XenStoreError error = store.RunTransaction(transaction =>
        {
            XenStoreResult<string> state = transaction.Read($"{address.Path}/state");
            if (!state.Ok) return state.Error;
            guestFolder = transaction.TryRead($"{address.Path}/frontend", out string folder) ? folder : "";
            XenStoreError offline = transaction.Write($"{address.Path}/online", "0");
            if (offline != XenStoreError.None || StoreNumber.ParseState(state.Value) == XenbusState.Closed) return offline;
            return transaction.Write($"{address.Path}/state", "5");
        });
        if (error != XenStoreError.None) return new DetachOutcome(error, false, false);
        WaitForBoth(guestFolder, limit);
        bool host = HasHostClosed(), guest = HasGuestLetGo(guestFolder);
        return new DetachOutcome(XenbusNodes.Remove(store, address, guestFolder), host, guest);
    }

    private void WaitForBoth(string guestFolder, TimeSpan limit)
    {
        using ManualResetEventSlim both = new();
        void Look(string _)
        {
            if (HasHostClosed() && HasGuestLetGo(guestFolder)) both.Set();
        }

        using XenStoreWatch? ours = store.Watch(address.Path, Look) is { Ok: true } first ? first.Value : null;
        using XenStoreWatch? theirs = store.Watch(guestFolder, Look) is { Ok: true } second ? second.Value : null;
        both.Wait(limit);
    }

    private bool HasHostClosed() => StateOf(address.Path) is null or XenbusState.Closed;

    // Where no driver ever came nobody will write Closed.
    private bool HasGuestLetGo(string folder) => StateOf(folder) is null or XenbusState.Closed or XenbusState.Initialising or XenbusState.Unknown;

    private XenbusState? StateOf(string folder)
    {
        XenStoreResult<string> state = store.Read($"{folder}/state");
        if (state.Ok) return StoreNumber.ParseState(state.Value);
        return state.Error == XenStoreError.ENOENT ? null : XenbusState.Closing;
    }
}
