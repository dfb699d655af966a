namespace XenDmHost.Plugins.Generic;

/// <summary>A queue of a profile.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">The number of entries.</param>
/// <param name="MaxSize">The most entries that a guest file may ask for.</param>
/// <param name="Repeat">How often it may be there, or null for once.</param>
internal sealed record ProfileQueue(string Name, ushort Size, ushort MaxSize, ProfileRepeat? Repeat);
