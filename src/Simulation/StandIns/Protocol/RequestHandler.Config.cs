namespace XenDmHost.Simulation.StandIns.Protocol;

/// <summary>The config space.</summary>
internal sealed partial class RequestHandler
{
    private const int ConfigHeaderSize = 12, LargestConfig = 4096;
    private const uint KnownConfigFlags = 3;

    /// <summary>Bytes past the end of the config are an error of their own: an answer that says a size of 0.</summary>
    private Outcome GetConfig(ReadOnlySpan<byte> payload)
    {
        if (CheckConfig(payload) is { } refusal) return Outcome.Cut(refusal);
        (uint offset, uint size) = (U32(payload, 0), U32(payload, 4));
        bool inside = offset + size <= device.Config.Length;
        byte[] data = inside ? device.Config.Slice((int)offset, (int)size).ToArray() : [];
        return Outcome.Answer([.. payload[..4], .. BitConverter.GetBytes(data.Length), .. payload[8..12], .. data]);
    }

    private string? SetConfig(ReadOnlySpan<byte> payload) =>
        CheckConfig(payload) ?? device.WriteConfig((int)U32(payload, 0), payload[ConfigHeaderSize..]);

    private static string? CheckConfig(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < ConfigHeaderSize) return $"a config payload of {payload.Length} bytes";
        (uint offset, uint size, uint flags) = (U32(payload, 0), U32(payload, 4), U32(payload, 8));
        if (size == 0 || (ulong)offset + size > LargestConfig) return $"{size} config bytes at {offset}";
        if (payload.Length - ConfigHeaderSize != size) return $"{payload.Length - ConfigHeaderSize} config bytes where {size} are announced";
        return flags > KnownConfigFlags ? $"config flags 0x{flags:x}" : null;
    }
}
