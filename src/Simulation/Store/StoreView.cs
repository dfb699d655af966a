using System.Collections.Immutable;

namespace XenDmHost.Simulation.Store;

/// <summary>A tree to read and write. It remembers what was looked at and what was changed.</summary>
internal sealed class StoreView(StoreNode root, Func<long> nextGeneration)
{
    internal const long Missing = -1;

    private readonly Dictionary<string, long> _seen = new(StringComparer.Ordinal);
    private readonly List<StoreChange> _changes = [];

    internal StoreNode Root { get; private set; } = root;

    /// <summary>The generation of each node when it was first looked at; <see cref="Missing"/> when there was none.</summary>
    internal IReadOnlyDictionary<string, long> Seen => _seen;

    internal IReadOnlyList<StoreChange> Changes => _changes;

    internal StoreNode? Find(string path)
    {
        StoreNode? node = Root.Find(StorePaths.Names(path));
        _seen.TryAdd(path, node?.Generation ?? Missing);
        return node;
    }

    internal StoreErrno Write(string path, byte[] value)
    {
        NoteUpToExisting(path);
        Replace(path, node => node with { Value = value });
        return StoreErrno.None;
    }

    internal StoreErrno Mkdir(string path)
    {
        if (Find(path) is not null) return StoreErrno.None;
        return Write(path, []);
    }

    internal StoreErrno SetPermissions(string path, ImmutableArray<string> permissions)
    {
        if (Find(path) is null) return StoreErrno.ENOENT;
        Replace(path, node => node with { Permissions = permissions });
        return StoreErrno.None;
    }

    internal StoreErrno Remove(string path)
    {
        if (path == "/") return StoreErrno.EINVAL;
        StoreNode? node = Find(path);
        if (node is null) return Find(StorePaths.Parent(path)) is null ? StoreErrno.ENOENT : StoreErrno.None;
        Find(StorePaths.Parent(path));
        Root = Without(Root, StorePaths.Names(path));
        _changes.Add(new StoreChange(path, node));
        return StoreErrno.None;
    }

    private void NoteUpToExisting(string path)
    {
        while (Find(path) is null) path = StorePaths.Parent(path);
    }

    private void Replace(string path, Func<StoreNode, StoreNode> update)
    {
        Root = With(Root, StorePaths.Names(path), node => update(node) with { Generation = nextGeneration() });
        _changes.Add(new StoreChange(path, null));
    }

    private StoreNode With(StoreNode node, ReadOnlySpan<string> names, Func<StoreNode, StoreNode> update)
    {
        if (names.IsEmpty) return update(node);
        StoreNode? child = node.Children.GetValueOrDefault(names[0]);
        StoreNode updated = With(child ?? StoreNode.Empty(node.Permissions, nextGeneration()), names[1..], update);
        return node with
        {
            Children = node.Children.SetItem(names[0], updated),
            Generation = child is null ? nextGeneration() : node.Generation,
        };
    }

    private StoreNode Without(StoreNode node, ReadOnlySpan<string> names)
    {
        if (names.Length == 1) return node with { Children = node.Children.Remove(names[0]), Generation = nextGeneration() };
        return node with { Children = node.Children.SetItem(names[0], Without(node.Children[names[0]], names[1..])) };
    }
}
