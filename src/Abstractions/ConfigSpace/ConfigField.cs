namespace XenDmHost.Abstractions;

/// <summary>One field of a device's configuration space. Numbers are little-endian there (virtio 1.3, 2.5).</summary>
public sealed record ConfigField
{
    /// <summary>The name in the specification, such as "capacity".</summary>
    public required string Name { get; init; }

    /// <summary>The distance from the start of the configuration space, in bytes.</summary>
    public required int Offset { get; init; }

    /// <summary>The size in bytes: 1, 2, 4 or 8 for a number; anything for a byte array.</summary>
    public required int Width { get; init; }

    /// <summary>What a guest's write does.</summary>
    public ConfigFieldKind Kind { get; init; }

    /// <summary>
    /// The bytes that the guest reads, when the plugin and not the back-end decides them; null when the back-end does.
    /// Exactly <see cref="Width"/> bytes.
    /// </summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>For <see cref="ConfigFieldKind.WriteOneToClear"/>: the name of the field whose bits are cleared.</summary>
    public string? Target { get; init; }
}
