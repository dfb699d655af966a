using System.Buffers.Binary;

namespace XenDmHost.Abstractions;

/// <summary>
/// A device's configuration space: its size and its fields. Bytes between fields read as the back-end gives them and
/// cannot be written.
/// </summary>
public sealed class ConfigLayout
{
    /// <summary>The largest configuration space that the host serves: what VHOST_USER_MAX_CONFIG_SIZE allows, 256 bytes.</summary>
    public const int MaxSize = 256;

    private ConfigLayout(int size, IReadOnlyList<ConfigField> fields)
    {
        Size = size;
        Fields = fields;
    }

    /// <summary>A device without a configuration space (i2c, rng, rtc, scmi).</summary>
    public static ConfigLayout None { get; } = new(0, []);

    /// <summary>
    /// The size in bytes. It is asked for in one GET_CONFIG, so it must be exactly what the back-end has: more is
    /// refused by back-ends on libvhost-user.
    /// </summary>
    public int Size { get; }

    /// <summary>The fields, by ascending offset.</summary>
    public IReadOnlyList<ConfigField> Fields { get; }

    /// <summary>True when at least one byte comes from the back-end, so that it must offer CONFIG.</summary>
    public bool NeedsBackEnd => Fields.Sum(item => item.Value is null ? 0 : item.Width) < Size;

    /// <summary>Makes a layout and checks it.</summary>
    /// <param name="size">The size in bytes, 1 to <see cref="MaxSize"/>.</param>
    /// <param name="fields">The fields; they must lie inside, must not overlap and must have unique names.</param>
    /// <exception cref="ArgumentException">A field breaks one of these rules; the message names it.</exception>
    public static ConfigLayout Of(int size, params IEnumerable<ConfigField> fields)
    {
        if (size is < 1 or > MaxSize)
        {
            throw new ArgumentException($"a configuration space has 1 to {MaxSize} bytes, not {size}", nameof(size));
        }

        List<ConfigField> sorted = [.. fields.OrderBy(field => field.Offset)];
        int end = 0;
        foreach (ConfigField item in sorted)
        {
            if (item.Width < 1 || item.Offset < end || item.Offset > size - item.Width)
            {
                throw new ArgumentException(
                    $"field '{item.Name}' at {item.Offset} with {item.Width} bytes overlaps the one before it or ends after byte {size}",
                    nameof(fields));
            }

            if (item.Value is { } value && value.Length != item.Width)
            {
                throw new ArgumentException(
                    $"field '{item.Name}' has {item.Width} bytes, its value {value.Length}", nameof(fields));
            }

            if (sorted.Count(other => other.Name == item.Name) > 1)
            {
                throw new ArgumentException($"field '{item.Name}' appears twice", nameof(fields));
            }

            bool clears = item.Kind == ConfigFieldKind.WriteOneToClear;
            if (clears && !sorted.Exists(other => other.Name == item.Target && other.Width == item.Width))
            {
                throw new ArgumentException(
                    $"field '{item.Name}' clears '{item.Target}', which is not a field of {item.Width} bytes", nameof(fields));
            }

            end = item.Offset + item.Width;
        }

        return new ConfigLayout(size, sorted);
    }

    /// <summary>A number that the back-end decides.</summary>
    public static ConfigField Field(string name, int offset, int width, ConfigFieldKind kind = ConfigFieldKind.ReadOnly) =>
        new() { Name = name, Offset = offset, Width = width, Kind = kind };

    /// <summary>A little-endian number that the plugin decides.</summary>
    public static ConfigField Fixed(string name, int offset, int width, ulong value, ConfigFieldKind kind = ConfigFieldKind.ReadOnly)
    {
        if (width is not (1 or 2 or 4 or 8) || (width < 8 && value >> (8 * width) != 0))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"field '{name}' has {width} bytes: a number has 1, 2, 4 or 8 and must fit");
        }

        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return new() { Name = name, Offset = offset, Width = width, Kind = kind, Value = bytes.AsMemory(0, width) };
    }
}
