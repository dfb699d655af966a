using Microsoft.Extensions.Configuration;
using XenDmHost.Host.Config.Json;
using XenDmHost.Host.Config.Settings;

namespace XenDmHost.Host.Config;

/// <summary>One device of a guest file: its settings, and where they stand in the file.</summary>
internal sealed class DeviceEntry
{
    private readonly JsonTreeNode node;
    private readonly string file;
    private readonly string directory;
    private readonly string guest;

    internal DeviceEntry(
        DeviceSettings settings, IConfiguration options, JsonTreeNode node, string file, string directory, string guest)
    {
        Settings = settings;
        Options = options;
        this.node = node;
        this.file = file;
        this.directory = directory;
        this.guest = guest;
    }

    internal DeviceSettings Settings { get; }

    internal string Plugin => Settings.Plugin;

    /// <summary>The plugin's version; null for the newest.</summary>
    internal string? Version => Settings.Version;

    internal int Id => Settings.Id;

    /// <summary>The plugin's own keys, as they stand below <c>"options"</c>; empty when there are none.</summary>
    internal IConfiguration Options { get; }

    /// <summary>The same keys with their positions.</summary>
    internal JsonTreeNode OptionsNode => node.Find("options") ?? node.EmptyObject("options");

    /// <summary>The back-end's socket and command with all placeholders filled in.</summary>
    internal BackEndAddress ResolveBackEnd(int domid) =>
        BackEndAddress.Resolve(Settings.BackEnd, guest, domid, Id, directory);

    /// <summary>An error at a key of this device, such as <c>plugin</c> or <c>queues.size</c>; empty for the device as a whole.</summary>
    internal ConfigError ErrorAt(string path, string message) => ErrorBelow(node, path, message);

    /// <summary>An error at an option.</summary>
    /// <param name="pathBelowOptions">Such as <c>profile</c> or <c>streams[1].rate</c>; empty for the options as a whole.</param>
    /// <param name="message">What is wrong and what would be right.</param>
    internal ConfigError OptionError(string pathBelowOptions, string message) =>
        ErrorBelow(OptionsNode, pathBelowOptions, message);

    /// <summary>A list that takes errors at this device's values.</summary>
    internal ConfigErrorList NewErrorList() => new(file);

    /// <summary>A value of this device by its keys, or null.</summary>
    internal JsonTreeNode? FindNode(params ReadOnlySpan<string> keys)
    {
        JsonTreeNode? found = node;
        foreach (string key in keys)
        {
            found = found?.Find(key);
        }

        return found;
    }

    private ConfigError ErrorBelow(JsonTreeNode from, string path, string message) =>
        new(file, JsonPath.Follow(from, path).Line, JsonPath.Append(from.Path, path), message);
}
