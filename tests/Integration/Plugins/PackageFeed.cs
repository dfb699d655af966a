using System.Text.Json;

namespace XenDmHost.IntegrationTests.Plugins;

/// <summary>
/// A package source in a folder: the contract, packed anew, and the packages that it asks for, as this build has restored
/// them. Nothing else can be restored from it, and no cache that outlives the test is read or written.
/// </summary>
internal static class PackageFeed
{
    internal static async Task CreateAsync(string folder)
    {
        await CommandRun.DotnetAsync(
            Checkout.Root, "pack", "src/Abstractions", "--no-build", "-c", Checkout.Configuration, "-o", folder);
        foreach (string package in RestoredPackages())
        {
            File.Copy(package, Path.Combine(folder, Path.GetFileName(package)));
        }
    }

    /// <summary>Writes a NuGet configuration that knows this feed alone and keeps unpacked packages beside it.</summary>
    internal static void Configure(string file, string feed, string packages) => File.WriteAllText(file, $"""
        <configuration>
          <config><add key="globalPackagesFolder" value="{packages}" /></config>
          <packageSources><clear /><add key="feed" value="{feed}" /></packageSources>
          <fallbackPackageFolders><clear /></fallbackPackageFolders>
        </configuration>
        """);

    /// <summary>The package files behind the contract's own dependencies, from the record that its restore left.</summary>
    private static IEnumerable<string> RestoredPackages()
    {
        string record = Checkout.PathOf("artifacts", "obj", "XenDmHost.Abstractions", "project.assets.json");
        using JsonDocument assets = JsonDocument.Parse(File.ReadAllText(record));
        string[] folders = [.. assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
        string[] packages =
        [
            .. assets.RootElement.GetProperty("libraries").EnumerateObject()
                .Where(library => library.Value.GetProperty("type").GetString() == "package")
                .Select(library => library.Value.GetProperty("path").GetString()!),
        ];
        return packages.Select(path => folders
            .SelectMany(folder => Directory.Exists(Path.Combine(folder, path)) ? Directory.GetFiles(Path.Combine(folder, path), "*.nupkg") : [])
            .First());
    }
}
