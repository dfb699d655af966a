using System.Text;

namespace XenDmHost.Simulation.Store;

/// <summary>A request as it came in.</summary>
/// <param name="Operation">May be any number.</param>
/// <param name="Id">Repeated in the answer.</param>
/// <param name="Transaction">0: outside of any.</param>
/// <param name="Payload">At most 4096 bytes.</param>
internal readonly record struct StoreRequest(StoreOperation Operation, uint Id, uint Transaction, byte[] Payload)
{
    /// <summary>The NUL-terminated strings that make up the payload; false when there are not as many as asked for.</summary>
    internal bool TryStrings(int atLeast, int atMost, out string[] strings)
    {
        strings = [];
        if (Payload is [] || Payload[^1] != 0) return false;
        strings = Encoding.Latin1.GetString(Payload, 0, Payload.Length - 1).Split('\0');
        return strings.Length >= atLeast && strings.Length <= atMost;
    }
}
