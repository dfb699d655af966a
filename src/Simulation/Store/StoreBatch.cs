using System.Collections.Immutable;
using System.Text;

namespace XenDmHost.Simulation.Store;

/// <summary>Changes that everybody else sees all at once.</summary>
internal sealed class StoreBatch
{
    private readonly StoreView _view;

    internal StoreBatch(StoreView view) => _view = view;

    internal string? Read(string path) => _view.Find(path) is { } node ? Encoding.Latin1.GetString(node.Value) : null;

    internal IReadOnlyList<string> Directory(string path) => _view.Find(path) is { } node ? [.. node.Children.Keys] : [];

    internal void Write(string path, string value) => Check(path, _view.Write(Resolve(path), Encoding.Latin1.GetBytes(value)));

    /// <summary>Removes a node and all below it; one that is not there is as good as removed.</summary>
    internal void Remove(string path)
    {
        StoreErrno error = _view.Remove(Resolve(path));
        if (error != StoreErrno.ENOENT) Check(path, error);
    }

    /// <param name="path">An existing node.</param>
    /// <param name="permissions">As on the wire, for example <c>n0</c>, <c>r5</c>.</param>
    internal void SetPermissions(string path, params ImmutableArray<string> permissions) =>
        Check(path, _view.SetPermissions(Resolve(path), permissions));

    private static string Resolve(string path) =>
        StorePaths.TryResolve(path, out string resolved) ? resolved : throw new ArgumentException($"'{path}' is no path of a node", nameof(path));

    private static void Check(string path, StoreErrno error)
    {
        if (error != StoreErrno.None) throw new InvalidOperationException($"{path}: {error}");
    }
}
