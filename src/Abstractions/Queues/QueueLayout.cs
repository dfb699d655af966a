namespace XenDmHost.Abstractions;

/// <summary>One virtqueue.</summary>
/// <remarks>
/// The register QueueSizeMax shows <paramref name="Size"/> (or what the guest file says instead), never more, because a
/// vhost-user back-end has a maximum of its own, cannot be asked for it, and ends the connection at a larger one.
/// </remarks>
/// <param name="Name">The name in the virtio specification, such as "controlq" without its "q": "control".</param>
/// <param name="Size">The number of entries shown to the guest: a power of two, 1 to 32768.</param>
/// <param name="MaxSize">The largest size that a guest file may ask for instead: a power of two, at least <paramref name="Size"/>.</param>
public sealed record QueueLayout(string Name, ushort Size, ushort MaxSize);
