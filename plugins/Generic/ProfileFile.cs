using System.Text.Json;
using XenDmHost.Abstractions;

namespace XenDmHost.Plugins.Generic;

/// <summary>Finds the profile that a device's options mean.</summary>
internal static class ProfileFile
{
    private const string ByName = "profile";
    private const string ByFile = "profileFile";

    /// <exception cref="DeviceConfigException">There is no such profile, or it is wrong.</exception>
    internal static Profile Load(DeviceContext context)
    {
        string? name = context.Options.Text(ByName);
        string? file = context.Options.Text(ByFile);
        return (name, file) switch
        {
            (not null, null) => Read(ByName, Find(context.PluginDirectory, name)),
            (null, not null) => Read(ByFile, Path.GetFullPath(Path.Combine(context.GuestFileDirectory, file))),
            (null, null) => throw new DeviceConfigException(
                ByName, $"is missing: name a profile ({string.Join(", ", Known(context.PluginDirectory))}), or a file of your own with {ByFile}"),
            _ => throw new DeviceConfigException(ByFile, $"a device has {ByName} or {ByFile}, not both"),
        };
    }

    private static string Find(string pluginDirectory, string name)
    {
        List<string> known = Known(pluginDirectory);
        return known.Contains(name, StringComparer.Ordinal)
            ? Path.Combine(Folder(pluginDirectory), name + ".json")
            : throw new DeviceConfigException(ByName, $"there is no profile '{name}': there are {string.Join(", ", known)}");
    }

    private static List<string> Known(string pluginDirectory) => Directory.Exists(Folder(pluginDirectory))
        ? [.. Directory.EnumerateFiles(Folder(pluginDirectory), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal)]
        : [];

    private static string Folder(string pluginDirectory) => Path.Combine(pluginDirectory, "profiles");

    private static Profile Read(string key, string path)
    {
        try
        {
            return ProfileReader.Read(File.ReadAllBytes(path));
        }
        catch (ProfileException error)
        {
            throw new DeviceConfigException(key, $"{path}: {error.Message}");
        }
        catch (JsonException error)
        {
            long line = (error.LineNumber ?? 0) + 1;
            throw new DeviceConfigException(key, $"{path}:{line}: not valid JSON: {error.Message.Split(" LineNumber")[0]}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DeviceConfigException(key, $"{path} cannot be read: {error.Message}");
        }
    }
}
