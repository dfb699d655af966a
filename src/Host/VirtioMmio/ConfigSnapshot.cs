namespace XenDmHost.Host.VirtioMmio;

/// <summary>The configuration space at one moment. Immutable, so that a guest never reads half of a change.</summary>
/// <param name="Bytes">The device-specific bytes from offset 0x100 on.</param>
/// <param name="Generation">The register ConfigGeneration.</param>
internal sealed record ConfigSnapshot(byte[] Bytes, uint Generation)
{
    internal static ConfigSnapshot Empty { get; } = new([], 0);

    /// <summary>Reads little-endian; bytes behind the end read as 0xFF.</summary>
    internal ulong Read(uint offset, int width)
    {
        ulong value = 0;
        for (int i = width - 1; i >= 0; i--)
        {
            ulong at = offset + (uint)i;
            value = (value << 8) | (at < (ulong)Bytes.Length ? Bytes[at] : 0xFFu);
        }

        return value;
    }
}
