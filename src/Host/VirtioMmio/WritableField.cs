namespace XenDmHost.Host.VirtioMmio;

/// <summary>A range of the configuration space that a guest may write.</summary>
/// <param name="Offset">The first byte.</param>
/// <param name="Width">The number of bytes.</param>
internal readonly record struct WritableField(uint Offset, uint Width)
{
    /// <summary>Whether the access lies wholly inside.</summary>
    internal bool Contains(uint offset, int width) => offset >= Offset && offset - Offset <= Width && (uint)width <= Width - (offset - Offset);
}
