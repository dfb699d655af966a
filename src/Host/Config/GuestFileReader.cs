using Microsoft.Extensions.Configuration;
using XenDmHost.Host.Config.Checks;
using XenDmHost.Host.Config.Json;
using XenDmHost.Host.Config.Settings;

namespace XenDmHost.Host.Config;

/// <summary>Reads guest files.</summary>
internal static class GuestFileReader
{
    /// <summary>Reads and checks a guest file, as far as that goes without its plugins.</summary>
    /// <returns>The file and no errors, or no file and at least one error, in the order of their lines.</returns>
    internal static (GuestFile? File, IReadOnlyList<ConfigError> Errors) Read(string path)
    {
        var errors = new ConfigErrorList(path);
        byte[]? bytes = ConfigFileBytes.Read(path, errors);
        return bytes is null ? (null, errors.Sorted()) : Parse(path, bytes, Directory.Exists);
    }

    /// <summary>As <see cref="Read"/>, of bytes that are at hand.</summary>
    /// <param name="path">The file's name for messages; its folder is that of relative paths.</param>
    /// <param name="bytes">The whole file.</param>
    /// <param name="directoryExists">Tells whether the folder of a socket is there.</param>
    internal static (GuestFile? File, IReadOnlyList<ConfigError> Errors) Parse(
        string path, byte[] bytes, Predicate<string> directoryExists)
    {
        var errors = new ConfigErrorList(path);
        string directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        JsonTreeNode? root = JsonTreeParser.Parse(bytes, errors);
        if (root is not null)
        {
            GuestFileChecks.Check(root, new SocketPathChecks(directory, directoryExists), errors);
        }

        GuestFile? file = root is not null && errors.Count == 0 ? Bind(path, directory, bytes, root, errors) : null;
        return (file, errors.Sorted());
    }

    private static GuestFile? Bind(string path, string directory, byte[] bytes, JsonTreeNode root, ConfigErrorList errors)
    {
        IConfigurationRoot configuration = BoundFile.Load(bytes);
        if (BoundFile.Bind<GuestFileSettings>(configuration, root, errors) is not { } settings)
        {
            return null;
        }

        IReadOnlyList<JsonTreeNode> nodes = root.Find("devices")!.Items;
        return new GuestFile
        {
            Path = path,
            Directory = directory,
            Guest = settings.Guest,
            Platform = settings.Platform,
            SimulationDirectory = settings.Simulation is { } folder ? Path.GetFullPath(folder, directory) : null,
            Banks = settings.Memory is { } memory ? [.. memory.Banks.Select(Bank)] : null,
            Attach = settings.Attach,
            Devices = [.. settings.Devices.Select((device, i) =>
                new DeviceEntry(device, Options(configuration, i), nodes[i], path, directory, settings.Guest))],
        };
    }

    private static GuestBank Bank(BankSettings bank) =>
        new(GuestAddress.TryParse(bank.Base, out ulong address) ? address : 0, (ulong)bank.SizeMiB << 20);

    private static IConfigurationSection Options(IConfigurationRoot configuration, int index) =>
        configuration.GetSection($"devices:{index}:options");
}
