namespace XenDmHost.Simulation.Store;

/// <summary>
/// The tree, who watches it, and the domains introduced. Every member is called under <see cref="Gate"/>. What
/// watches hear of waits until <see cref="FireEvents"/>, so that the answer to a request goes out before its events.
/// </summary>
internal sealed class StoreDatabase
{
    private readonly List<StoreWatch> _watches = [];
    private readonly Queue<Action> _events = new();
    private readonly HashSet<uint> _introduced = [0];
    private long _generation;
    private StoreNode _root = StoreNode.Empty(["n0"], 0);

    internal Lock Gate { get; } = new();

    internal StoreView View() => new(_root, () => ++_generation);

    internal StoreErrno Apply(Func<StoreView, StoreErrno> change)
    {
        StoreView view = View();
        StoreErrno error = change(view);
        if (error != StoreErrno.None) return error;
        _root = view.Root;
        foreach (StoreChange changed in view.Changes.Distinct()) _events.Enqueue(() => Fire(changed));
        return StoreErrno.None;
    }

    internal void AddWatch(StoreWatch watch)
    {
        _watches.Add(watch);
        _events.Enqueue(() => watch.Fire(watch.Path));
    }

    internal void RemoveWatch(StoreWatch watch) => _watches.Remove(watch);

    internal void Fire(string specialName) => _events.Enqueue(() =>
    {
        foreach (StoreWatch watch in _watches.Where(watch => watch.Path == specialName)) watch.Fire(specialName);
    });

    internal void FireEvents()
    {
        while (_events.TryDequeue(out Action? fire)) fire();
    }

    internal bool IsIntroduced(uint domid) => _introduced.Contains(domid);

    internal void Introduce(uint domid)
    {
        _introduced.Add(domid);
        Fire("@introduceDomain");
    }

    internal void Release(uint domid)
    {
        _introduced.Remove(domid);
        Fire("@releaseDomain");
    }

    private void Fire(StoreChange change)
    {
        foreach (StoreWatch watch in _watches)
        {
            if (StorePaths.IsAtOrBelow(change.Path, watch.Path)) watch.Fire(change.Path);
            else if (WasRemovedWith(change, watch.Path)) watch.Fire(watch.Path);
        }
    }

    private static bool WasRemovedWith(StoreChange change, string path) =>
        change.Removed is not null
        && StorePaths.IsAtOrBelow(path, change.Path)
        && change.Removed.Find(StorePaths.Names(path).AsSpan(StorePaths.Names(change.Path).Length)) is not null;
}
