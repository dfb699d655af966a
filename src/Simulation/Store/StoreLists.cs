using System.Text;

namespace XenDmHost.Simulation.Store;

/// <summary>Lists of children, whole and in parts.</summary>
internal static class StoreLists
{
    internal static StoreAnswer Whole(StoreNode node)
    {
        byte[] list = Encode(node);
        return list.Length <= StoreWire.MaxPayload ? StoreAnswer.Of(list) : StoreErrno.E2BIG;
    }

    /// <summary>
    /// The list's generation, then as many whole names from byte <paramref name="offset"/> on as fit, and an empty
    /// one behind the last.
    /// </summary>
    internal static StoreAnswer Part(StoreNode node, int offset)
    {
        byte[] list = Encode(node);
        byte[] generation = Encoding.Latin1.GetBytes($"{node.Generation}\0");
        ReadOnlySpan<byte> rest = list.AsSpan(Math.Min(offset, list.Length));
        // One byte stays free for the empty name.
        int room = StoreWire.MaxPayload - generation.Length - 1;
        ReadOnlySpan<byte> part = rest.Length <= room ? rest : rest[..(rest[..room].LastIndexOf((byte)0) + 1)];
        byte[] end = part.Length == rest.Length ? [0] : [];
        return StoreAnswer.Of([.. generation, .. part, .. end]);
    }

    private static byte[] Encode(StoreNode node) =>
        Encoding.Latin1.GetBytes(string.Concat(node.Children.Keys.Select(name => name + "\0")));
}
