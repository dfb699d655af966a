using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace XenDmHost.Abstractions;

/// <summary>What a plugin is told about the device that it is asked to describe.</summary>
public sealed class DeviceContext
{
    /// <summary>The guest as the guest file names it: a name, a uuid or a domid.</summary>
    public required string Guest { get; init; }

    /// <summary>The device's <c>"id"</c> in the guest file.</summary>
    public required int DeviceId { get; init; }

    /// <summary>The device's <c>"options"</c>: keys as in the guest file. Empty when there are none.</summary>
    public required IConfiguration Options { get; init; }

    /// <summary>
    /// The plugin's own folder. Use this and not <c>Assembly.Location</c>, which may be empty.
    /// </summary>
    public required string PluginDirectory { get; init; }

    /// <summary>
    /// The folder of the guest file, against which relative paths in options are meant.
    /// </summary>
    public required string GuestFileDirectory { get; init; }

    /// <summary>
    /// The device's <c>"quirks"</c> in the guest file: what is switched on or off, by <see cref="Quirk.Id"/>; a quirk that is
    /// not named here keeps its default. The host checks the ids against the description; what a quirk does is up to the plugin.
    /// </summary>
    public IReadOnlyDictionary<string, bool> Quirks { get; init; } = new Dictionary<string, bool>();

    /// <summary>A logger whose category names the guest and the device.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>The clock; tests replace it.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
