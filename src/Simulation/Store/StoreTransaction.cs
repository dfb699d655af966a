namespace XenDmHost.Simulation.Store;

/// <summary>A view of its own on the tree as it was at the start, and the changes to do again at the commit.</summary>
internal sealed class StoreTransaction(StoreView view)
{
    private readonly List<Func<StoreView, StoreErrno>> _changes = [];

    internal StoreView View => view;

    internal StoreErrno Apply(Func<StoreView, StoreErrno> change)
    {
        StoreErrno error = change(view);
        if (error == StoreErrno.None) _changes.Add(change);
        return error;
    }

    /// <summary>Does the changes on <paramref name="live"/>, unless a node that was looked at has changed since.</summary>
    internal StoreErrno Commit(StoreView live)
    {
        foreach ((string path, long generation) in view.Seen)
        {
            if ((live.Root.Find(StorePaths.Names(path))?.Generation ?? StoreView.Missing) != generation) return StoreErrno.EAGAIN;
        }

        foreach (Func<StoreView, StoreErrno> change in _changes) change(live);
        return StoreErrno.None;
    }
}
