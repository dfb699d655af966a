namespace XenDmHost.Host.Plugins;

/// <summary>
/// Decides by metadata alone, before any code of a plugin runs, whether this host can load it. What would otherwise fail
/// late and unclearly inside the runtime is refused here in one line.
/// </summary>
internal static class PluginGate
{
    internal static PluginEntry Inspect(PluginFolder folder)
    {
        try
        {
            return Find(folder, out string path, out PluginAssembly? assembly) is { } problem
                ? PluginEntry.Refused(folder, problem)
                : Judge(folder, path, assembly!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return PluginEntry.Refused(folder, $"cannot be read: {error.Message}");
        }
    }

    /// <summary>Finds the one assembly with the attribute; else says what is wrong.</summary>
    private static string? Find(PluginFolder folder, out string path, out PluginAssembly? assembly)
    {
        path = "";
        assembly = null;
        string? damaged = null;
        foreach (string file in Directory.EnumerateFiles(folder.Path, "*.dll").Order(StringComparer.Ordinal))
        {
            PluginAssembly? candidate = TryRead(file, ref damaged);
            if (candidate is not null && assembly is not null)
            {
                return $"{Path.GetFileName(path)} and {Path.GetFileName(file)} both carry [assembly: DevicePlugin]: a folder holds one plugin";
            }

            (path, assembly) = candidate is null ? (path, assembly) : (file, candidate);
        }

        return (assembly, damaged) switch
        {
            (not null, _) => null,
            (null, not null) => $"{damaged} is damaged: install the plugin again",
            _ => "no assembly here carries [assembly: DevicePlugin(name, type)]",
        };
    }

    private static PluginAssembly? TryRead(string file, ref string? damaged)
    {
        try
        {
            return PluginAssembly.Read(file);
        }
        catch (BadImageFormatException)
        {
            damaged = Path.GetFileName(file);
            return null;
        }
    }

    private static PluginEntry Judge(PluginFolder folder, string path, PluginAssembly assembly)
    {
        Version contract = SharedContract.Short(assembly.References[SharedContract.AssemblyName]);
        string? problem = CheckContract(contract)
            ?? CheckRuntime(assembly)
            ?? CheckLibraries(assembly)
            ?? CheckName(folder, assembly)
            ?? CheckType(assembly);
        return problem is null
            ? PluginEntry.Accepted(new PluginManifest(folder, path, assembly.TypeName, contract))
            : PluginEntry.Refused(folder, problem);
    }

    private static string? CheckContract(Version needed)
    {
        Version offered = SharedContract.Version;
        if (needed.Major == offered.Major)
        {
            return needed.Minor <= offered.Minor
                ? null
                : $"needs contract {needed}, this host offers {offered}: use an older plugin or a newer host";
        }

        string advice = needed.Major > offered.Major ? "use an older plugin or a newer host" : "use a newer plugin or an older host";
        return $"needs contract {needed.Major}.x, this host offers {offered}: {advice}";
    }

    private static string? CheckRuntime(PluginAssembly assembly) =>
        assembly.References.TryGetValue("System.Runtime", out Version? runtime) && runtime.Major > Environment.Version.Major
            ? $"is built for .NET {runtime.Major}, this host runs on .NET {Environment.Version.Major}: build it for net{Environment.Version.Major}.0"
            : null;

    private static string? CheckLibraries(PluginAssembly assembly)
    {
        foreach ((string name, Version offered) in SharedContract.Libraries)
        {
            if (assembly.References.TryGetValue(name, out Version? needed) && needed > offered)
            {
                return $"needs {name} {needed}, which the host shares with it in version {offered}: build it against that version";
            }
        }

        return null;
    }

    private static string? CheckName(PluginFolder folder, PluginAssembly assembly)
    {
        if (!PluginName.IsValid(assembly.PluginName))
        {
            return $"calls itself '{assembly.PluginName}': a name has lower-case letters, digits and '-' only";
        }

        return assembly.PluginName == folder.Name
            ? null
            : $"calls itself '{assembly.PluginName}', but lies in a folder named '{folder.Name}': rename the folder";
    }

    private static string? CheckType(PluginAssembly assembly) =>
        assembly.TypeIsUsable
            ? null
            : $"[assembly: DevicePlugin] names '{assembly.TypeName}', which is not a public class of that assembly";
}
