namespace XenDmHost.Plugins.Gpu;

/// <summary>The size that a display prefers, in pixels.</summary>
internal readonly record struct ScanoutSize(int Width, int Height)
{
    internal static ScanoutSize Usual { get; } = new(1024, 768);
}
