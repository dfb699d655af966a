namespace XenDmHost.Abstractions;

/// <summary>
/// The entry point of a plugin. One instance serves all devices of its kind in a host process; it must keep no state
/// between devices.
/// </summary>
public interface IDevicePlugin
{
    /// <summary>
    /// A JSON Schema object (draft 2020-12) for the device's <c>"options"</c> in a guest file, as text. An empty object
    /// schema with <c>"additionalProperties": false</c> when the device takes no options. The host enforces these keywords:
    /// type, properties, required, additionalProperties, enum, const, minimum, maximum, minLength, maxLength, pattern, items,
    /// minItems, maxItems; others (title, description, default, $ref, oneOf and so on) are for editors, and what they would
    /// forbid is the plugin's to check in <see cref="Create"/>.
    /// </summary>
    string OptionsSchema { get; }

    /// <summary>Describes one device of a guest.</summary>
    /// <param name="context">The guest, the device's options and a logger.</param>
    /// <returns>The description. It must not change afterwards.</returns>
    /// <exception cref="DeviceConfigException">
    /// The options are wrong. The host reports it in one line with the guest file and the JSON path, and starts nothing
    /// of that file.
    /// </exception>
    IDeviceModel Create(DeviceContext context);
}
