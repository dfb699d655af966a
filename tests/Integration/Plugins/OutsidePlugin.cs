using XenDmHost.Host.Plugins;

namespace XenDmHost.IntegrationTests.Plugins;

/// <summary>
/// The guide's plugin, built outside this solution with the contract's package alone, and installed as the guide says.
/// Built once for all tests that use it.
/// </summary>
public sealed class OutsidePlugin : IAsyncLifetime
{
    internal const string Collection = "a plugin from outside";
    internal const string Name = "sample-disk";

    internal static readonly string[] Files = ["SampleDisk.csproj", "SampleDiskPlugin.cs", "SampleDiskDevice.cs"];

    private readonly string _folder = Directory.CreateTempSubdirectory("xendmhost-outside-").FullName;

    /// <summary>What `--plugins` takes.</summary>
    internal string PluginFolder => Path.Combine(_folder, "plugins");

    internal bool WasHiddenWhileStaged { get; private set; }

    public async Task InitializeAsync()
    {
        string feed = Folder("feed"), project = Folder("project"), root = Folder("plugins", Name);
        await PackageFeed.CreateAsync(feed);
        PackageFeed.Configure(Path.Combine(project, "nuget.config"), feed, Folder("packages"));
        foreach (string file in Files)
        {
            File.Copy(Checkout.PathOf("tests", "SamplePlugin", file), Path.Combine(project, file));
        }

        string staging = Path.Combine(root, ".1.0.0.new");
        await CommandRun.DotnetAsync(project, "publish", "-c", "Release", "-o", staging);
        WasHiddenWhileStaged = PluginCatalogue.Scan([PluginFolder]).Entries.Count == 0;
        Directory.Move(staging, Path.Combine(root, "1.0.0"));
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private string Folder(params string[] names) => Directory.CreateDirectory(Path.Combine([_folder, .. names])).FullName;
}
