using XenDmHost.Abstractions;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.Host.Guests;

/// <summary>
/// A device's configuration space on its control thread: the back-end's bytes, the plugin's, and what the guest wrote
/// where it may.
/// </summary>
internal sealed class ConfigSpace
{
    private readonly ConfigLayout _layout;
    private readonly byte[] _bytes;

    internal ConfigSpace(ConfigLayout layout)
    {
        _layout = layout;
        _bytes = new byte[layout.Size];
        ApplyPlugin();
    }

    internal int Size => _bytes.Length;

    /// <summary>The parts that a guest may write.</summary>
    internal static IReadOnlyList<WritableField> WritableFieldsOf(ConfigLayout layout) =>
        [.. layout.Fields
            .Where(field => field.Kind != ConfigFieldKind.ReadOnly)
            .Select(field => new WritableField((uint)field.Offset, (uint)field.Width))];

    /// <summary>A copy of the bytes as the guest reads them.</summary>
    internal byte[] ToArray() => [.. _bytes];

    /// <summary>Takes what the back-end answered to GET_CONFIG; what the plugin or the guest decides stays.</summary>
    internal void ApplyBackEnd(ReadOnlySpan<byte> fromBackEnd)
    {
        byte[] before = ToArray();
        fromBackEnd[..Math.Min(fromBackEnd.Length, Size)].CopyTo(_bytes);
        foreach (ConfigField field in _layout.Fields)
        {
            if (field.Value is not null || field.Kind is ConfigFieldKind.Kept or ConfigFieldKind.WriteOneToClear)
            {
                before.AsSpan(field.Offset, field.Width).CopyTo(_bytes.AsSpan(field.Offset));
            }
        }
    }

    /// <summary>Applies a write of the guest.</summary>
    /// <param name="offset">Its offset.</param>
    /// <param name="bytes">Its bytes; they lie inside one writable field.</param>
    /// <returns>What the back-end is to be told: an offset and bytes; null for nothing.</returns>
    internal (int Offset, byte[] Bytes)? ApplyGuest(int offset, ReadOnlySpan<byte> bytes)
    {
        int end = offset + bytes.Length;
        ConfigField? field = _layout.Fields.FirstOrDefault(field => offset >= field.Offset && end <= field.Offset + field.Width);
        switch (field?.Kind)
        {
            case ConfigFieldKind.Kept:
                bytes.CopyTo(_bytes.AsSpan(offset));
                return null;
            case ConfigFieldKind.WriteOneToClear:
                ClearBits(_layout.Fields.First(other => other.Name == field.Target).Offset + offset - field.Offset, bytes);
                return null;
            case ConfigFieldKind.Forwarded:
                return (offset, bytes.ToArray());
            case ConfigFieldKind.Selector:
                bytes.CopyTo(_bytes.AsSpan(offset));
                return (0, ToArray());
            default:
                return null;
        }
    }

    private void ClearBits(int offset, ReadOnlySpan<byte> bits)
    {
        for (int i = 0; i < bits.Length; i++)
        {
            _bytes[offset + i] &= (byte)~bits[i];
        }
    }

    private void ApplyPlugin()
    {
        foreach (ConfigField field in _layout.Fields)
        {
            field.Value?.Span.CopyTo(_bytes.AsSpan(field.Offset));
        }
    }
}
