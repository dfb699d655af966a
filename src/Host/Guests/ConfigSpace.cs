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
    private readonly HashSet<ConfigField> _keptFields = [];
    private readonly SortedDictionary<int, byte[]> _forwarded = [];
    private byte[]? _known;

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

    /// <summary>
    /// Takes the bytes as the guest knew them from an earlier host. What it may have written there is told to the back-end
    /// where that says something else.
    /// </summary>
    internal void Restore(ReadOnlySpan<byte> known)
    {
        if (known.Length != Size)
        {
            return;
        }

        known.CopyTo(_bytes);
        _known = known.ToArray();
        _keptFields.UnionWith(_layout.Fields.Where(field => field.Kind == ConfigFieldKind.Kept));
    }

    /// <summary>The first back-end after a restore is here: what the guest had written is what differs.</summary>
    internal void Compare(ReadOnlySpan<byte> fromBackEnd)
    {
        byte[]? known = _known;
        _known = null;
        if (known is null)
        {
            return;
        }

        foreach (ConfigField field in _layout.Fields)
        {
            int end = field.Offset + field.Width;
            if (end > fromBackEnd.Length || known.AsSpan(field.Offset, field.Width).SequenceEqual(fromBackEnd[field.Offset..end]))
            {
                continue;
            }

            if (field.Kind == ConfigFieldKind.Forwarded)
            {
                Remember(field.Offset, known.AsSpan(field.Offset, field.Width).ToArray());
            }
            else if (field.Kind == ConfigFieldKind.Selector)
            {
                Remember(0, known);
            }
        }
    }

    /// <summary>Takes what the back-end answered to GET_CONFIG; what the plugin or the guest decides stays.</summary>
    internal void ApplyBackEnd(ReadOnlySpan<byte> fromBackEnd)
    {
        byte[] before = ToArray();
        fromBackEnd[..Math.Min(fromBackEnd.Length, Size)].CopyTo(_bytes);
        foreach (ConfigField field in _layout.Fields)
        {
            if (field.Value is not null || field.Kind == ConfigFieldKind.WriteOneToClear || _keptFields.Contains(field))
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
                _keptFields.Add(field);
                bytes.CopyTo(_bytes.AsSpan(offset));
                return null;
            case ConfigFieldKind.WriteOneToClear:
                ClearBits(_layout.Fields.First(other => other.Name == field.Target).Offset + offset - field.Offset, bytes);
                return null;
            case ConfigFieldKind.Forwarded:
                return Remember(offset, bytes.ToArray());
            case ConfigFieldKind.Selector:
                bytes.CopyTo(_bytes.AsSpan(offset));
                return Remember(0, ToArray());
            default:
                return null;
        }
    }

    /// <summary>
    /// What the guest wrote for the back-end since its last reset: a back-end that takes the place of another is told again.
    /// </summary>
    internal IReadOnlyList<(int Offset, byte[] Bytes)> Forwarded => [.. _forwarded.Select(write => (write.Key, write.Value))];

    /// <summary>The guest resets the device: what it had written counts no more.</summary>
    internal void Reset()
    {
        _known = null;
        _forwarded.Clear();
        _keptFields.Clear();
        ApplyPlugin();
    }

    private (int Offset, byte[] Bytes) Remember(int offset, byte[] bytes)
    {
        _forwarded[offset] = bytes;
        return (offset, bytes);
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
