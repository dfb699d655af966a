namespace XenDmHost.Abstractions;

/// <summary>What a guest's write to a field of the configuration space does.</summary>
public enum ConfigFieldKind
{
    /// <summary>Nothing.</summary>
    ReadOnly,

    /// <summary>The write is sent to the back-end (SET_CONFIG), and the space is read anew before the guest goes on.</summary>
    Forwarded,

    /// <summary>
    /// As <see cref="Forwarded"/>, and what is read from the rest of the space depends on it (virtio-input's select).
    /// The whole space is sent, from offset 0.
    /// </summary>
    Selector,

    /// <summary>Bits written as 1 are cleared in the field named by <see cref="ConfigField.Target"/>; the field itself reads 0.</summary>
    WriteOneToClear,

    /// <summary>The host keeps what the guest wrote; the back-end is not told.</summary>
    Kept,
}
