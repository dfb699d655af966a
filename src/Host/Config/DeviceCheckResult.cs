using XenDmHost.Abstractions;

namespace XenDmHost.Host.Config;

/// <summary>What a guest file and a plugin's description give together.</summary>
/// <param name="QueueSizes">The size of each queue, by its index.</param>
/// <param name="Quirks">The plugin's quirks, switched as the guest file wants them.</param>
/// <param name="Errors">What does not fit, in the order of the lines; the rest counts only when this is empty.</param>
internal sealed record DeviceCheckResult(
    IReadOnlyList<ushort> QueueSizes, IReadOnlyList<Quirk> Quirks, IReadOnlyList<ConfigError> Errors);
