namespace XenDmHost.Abstractions;

/// <summary>
/// Marks an assembly as a device plugin. The host reads this from the metadata, before any code of the plugin runs.
/// </summary>
/// <param name="name">The name that guest files use under <c>"plugin"</c>: lower-case letters, digits and '-'.</param>
/// <param name="pluginType">A public class with a public constructor without parameters that implements <see cref="IDevicePlugin"/>.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class DevicePluginAttribute(string name, Type pluginType) : Attribute
{
    /// <summary>The name that guest files use under <c>"plugin"</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The class that implements <see cref="IDevicePlugin"/>.</summary>
    public Type PluginType { get; } = pluginType;
}
