using System.Collections.Immutable;

namespace XenDmHost.Simulation.Store;

/// <summary>A node with all that is below it; it never changes, so that a transaction's view is a reference.</summary>
/// <param name="Value">Any bytes.</param>
/// <param name="Permissions">As on the wire: <c>n0</c>, <c>r5</c>; the first entry names the owner.</param>
/// <param name="Children">By name.</param>
/// <param name="Generation">Another one after each change of value, permissions or set of children of this very node.</param>
internal sealed record StoreNode(
    byte[] Value,
    ImmutableArray<string> Permissions,
    ImmutableSortedDictionary<string, StoreNode> Children,
    long Generation)
{
    internal static StoreNode Empty(ImmutableArray<string> permissions, long generation) =>
        new([], permissions, ImmutableSortedDictionary.Create<string, StoreNode>(StringComparer.Ordinal), generation);

    internal StoreNode? Find(ReadOnlySpan<string> names)
    {
        StoreNode? node = this;
        foreach (string name in names)
        {
            node = node.Children.GetValueOrDefault(name);
            if (node is null) return null;
        }

        return node;
    }
}
