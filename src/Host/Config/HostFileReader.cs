using XenDmHost.Host.Config.Checks;
using XenDmHost.Host.Config.Json;
using XenDmHost.Host.Config.Settings;

namespace XenDmHost.Host.Config;

/// <summary>Reads the host's own settings.</summary>
internal static class HostFileReader
{
    internal const string DefaultPath = "/etc/xendmhost/host.json";

    /// <summary>Reads the host file.</summary>
    /// <param name="path">The file of <c>--host-config</c>, which must exist; null for the default one, which may be absent.</param>
    /// <param name="defaultPath">The default file.</param>
    /// <returns>The settings and no errors, or no settings and at least one error, in the order of their lines.</returns>
    internal static (HostSettings? Settings, IReadOnlyList<ConfigError> Errors) Read(
        string? path, string defaultPath = DefaultPath)
    {
        if (path is null && !Path.Exists(defaultPath))
        {
            return (new HostSettings(), []);
        }

        path ??= defaultPath;
        var errors = new ConfigErrorList(path);
        byte[]? bytes = ConfigFileBytes.Read(path, errors);
        return bytes is null ? (null, errors.Sorted()) : Parse(path, bytes);
    }

    /// <summary>As <see cref="Read"/>, of bytes that are at hand.</summary>
    internal static (HostSettings? Settings, IReadOnlyList<ConfigError> Errors) Parse(string path, byte[] bytes)
    {
        var errors = new ConfigErrorList(path);
        JsonTreeNode? root = JsonTreeParser.Parse(bytes, errors);
        if (root is not null)
        {
            HostFileChecks.Check(root, errors);
        }

        HostSettings? settings = root is not null && errors.Count == 0
            ? BoundFile.Bind<HostSettings>(BoundFile.Load(bytes), root, errors)
            : null;
        return (settings is null ? null : WithAbsolutePaths(settings, path), errors.Sorted());
    }

    private static HostSettings WithAbsolutePaths(HostSettings settings, string path)
    {
        string directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        return settings with
        {
            PluginFolders = [.. settings.PluginFolders.Select(folder => Path.GetFullPath(folder, directory))],
            RuntimeFolder = Path.GetFullPath(settings.RuntimeFolder, directory),
        };
    }
}
