namespace XenDmHost.Plugins.Generic;

/// <summary>How often a profile's last queue is there.</summary>
/// <param name="Default">Without a word in the guest file.</param>
/// <param name="Max">At most.</param>
internal sealed record ProfileRepeat(int Default, int Max);
