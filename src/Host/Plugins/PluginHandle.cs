using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using McMaster.NETCore.Plugins;
using XenDmHost.Abstractions;

namespace XenDmHost.Host.Plugins;

/// <summary>
/// A loaded plugin. Its assemblies live in a load context of their own until the process ends: that keeps precompiled
/// code in use, and another version is simply loaded beside it.
/// </summary>
internal sealed class PluginHandle
{
    /// <summary>The loader resolves dependencies that are first used later, so it must live as long as the plugin.</summary>
    [SuppressMessage("CodeQuality", "IDE0052", Justification = "Held for its lifetime.")]
    private readonly PluginLoader _loader;

    private readonly IDevicePlugin _plugin;

    private PluginHandle(PluginManifest manifest, PluginLoader loader, IDevicePlugin plugin, string optionsSchema)
    {
        Manifest = manifest;
        _loader = loader;
        _plugin = plugin;
        OptionsSchema = optionsSchema;
    }

    internal PluginManifest Manifest { get; }

    internal string Name => Manifest.Folder.Name;

    internal PluginVersion Version => Manifest.Folder.Version;

    /// <summary>What <see cref="DeviceContext.PluginDirectory"/> must say.</summary>
    internal string Directory => Manifest.Folder.Path;

    /// <summary>The JSON Schema of the device's options: a JSON object.</summary>
    internal string OptionsSchema { get; }

    /// <summary>Loads a plugin that the gate let through.</summary>
    /// <exception cref="PluginException">It cannot be loaded, or its code failed.</exception>
    internal static PluginHandle Load(PluginManifest manifest) => Guard(manifest, "cannot be loaded", () =>
    {
        PluginLoader loader = PluginLoader.CreateFromAssemblyFile(manifest.AssemblyPath, SharedContract.Types);
        Type type = loader.LoadDefaultAssembly().GetType(manifest.TypeName, throwOnError: true)!;
        if (!typeof(IDevicePlugin).IsAssignableFrom(type))
        {
            throw Fault(manifest, $"names {type.FullName} as its class, which does not implement IDevicePlugin");
        }

        IDevicePlugin plugin = (IDevicePlugin)Activator.CreateInstance(type)!;
        return new PluginHandle(manifest, loader, plugin, CheckSchema(manifest, plugin.OptionsSchema));
    });

    /// <summary>Asks the plugin to describe a device, and checks the answer.</summary>
    /// <exception cref="DeviceConfigException">The device's options are wrong: the plugin's own words.</exception>
    /// <exception cref="PluginException">The plugin's code failed, or it returned something that no device can be.</exception>
    internal DeviceDescription CreateModel(DeviceContext context) => Guard(Manifest, "failed to describe the device", () =>
    {
        IDeviceModel model = _plugin.Create(context) ?? throw Fault(Manifest, "returned null instead of a device");
        DeviceDescription description = new(model);
        return DescriptionCheck.FindFault(description) is { } fault ? throw Fault(Manifest, fault) : description;
    }, optionsMayBeWrong: true);

    private static string CheckSchema(PluginManifest manifest, string? schema)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(schema ?? "");
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? schema!
                : throw Fault(manifest, "has an OptionsSchema that is not a JSON object");
        }
        catch (JsonException error)
        {
            throw Fault(manifest, $"has an OptionsSchema that is not JSON: {error.Message}");
        }
    }

    /// <summary>Whatever foreign code throws becomes one line; only a complaint about options keeps its own form.</summary>
    private static T Guard<T>(PluginManifest manifest, string what, Func<T> action, bool optionsMayBeWrong = false)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is not (PluginException or OutOfMemoryException) && !(optionsMayBeWrong && error is DeviceConfigException))
        {
            Exception cause = error is System.Reflection.TargetInvocationException { InnerException: { } inner } ? inner : error;
            string message = string.Join(' ', cause.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
            throw new PluginException($"plugin {manifest.Folder} {what}: {cause.GetType().Name}: {message}", cause);
        }
    }

    private static PluginException Fault(PluginManifest manifest, string what) => new($"plugin {manifest.Folder} {what}");
}
