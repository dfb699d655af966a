namespace XenDmHost.Host.VhostUser;

/// <summary>How a side channel ended by itself.</summary>
/// <param name="Violation">What the back-end did wrong, in words; null when it just closed its end.</param>
/// <param name="PluginFault">What the plugin's code threw; null when it did not.</param>
internal readonly record struct SideChannelEnd(string? Violation, Exception? PluginFault);
