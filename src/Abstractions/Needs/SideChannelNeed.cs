namespace XenDmHost.Abstractions;

/// <summary>
/// A socket of its own between the back-end and the plugin. Its messages have the header of vhost-user (three 32-bit
/// numbers in host byte order: request, flags, bytes of payload) and their payload behind it. The device's model must
/// implement <see cref="ISideChannelDevice"/>.
/// </summary>
/// <param name="Request">
/// The vhost-user request that hands the back-end its end of the socket, such as 33 (VHOST_USER_GPU_SET_SOCKET); its
/// payload is empty and the socket is the only file descriptor.
/// </param>
/// <param name="Name">A name for logs, such as "gpu".</param>
public sealed record SideChannelNeed(uint Request, string Name)
{
    /// <summary>The largest payload that any plugin can ask for, in bytes.</summary>
    public const int MaxPayloadLimit = 256 << 20;

    /// <summary>The most descriptors with one message that any plugin can ask for.</summary>
    public const int MaxDescriptorsLimit = 253;

    /// <summary>
    /// The most bytes of payload that a message of the back-end has, 0 to <see cref="MaxPayloadLimit"/>. A message that
    /// announces more is a violation: the socket is closed, and the device needs a reset by its guest.
    /// </summary>
    public int MaxPayload { get; init; } = 4096;

    /// <summary>The most descriptors that come with a message, 0 to <see cref="MaxDescriptorsLimit"/>; more is a violation.</summary>
    public int MaxDescriptors { get; init; } = 1;
}
