using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using XenDmHost.Abstractions;
using XenDmHost.Host.Plugins;

namespace XenDmHost.IntegrationTests.Plugins;

/// <summary>A plugin made by somebody who has the contract's package and the guide, and nothing else of this repository.</summary>
public sealed class OutsidePluginTests : IDisposable
{
    private static readonly string[] SampleFiles = ["SampleRng.csproj", "SampleRngPlugin.cs", "SampleRngDevice.cs"];

    private readonly string _folder = Directory.CreateTempSubdirectory("xendmhost-outside-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_plugin_built_with_the_package_alone_is_found_loaded_and_describes_its_device()
    {
        string feed = Folder("feed"), project = Folder("project"), root = Folder("plugins", "sample-rng");
        await PackageFeed.CreateAsync(feed);
        PackageFeed.Configure(Path.Combine(project, "nuget.config"), feed, Folder("packages"));
        foreach (string file in SampleFiles)
        {
            File.Copy(Checkout.PathOf("tests", "SamplePlugin", file), Path.Combine(project, file));
        }

        string staging = Path.Combine(root, ".1.0.0.new");
        await CommandRun.DotnetAsync(project, "publish", "-c", "Release", "-o", staging);
        Assert.Empty(PluginCatalogue.Scan([Path.Combine(_folder, "plugins")]).Entries);
        Directory.Move(staging, Path.Combine(root, "1.0.0"));

        Assert.DoesNotContain(Directory.GetFiles(Path.Combine(root, "1.0.0"), "*.dll"), path => Path.GetFileName(path) != "SampleRng.dll");
        PluginHandle plugin = PluginHandle.Load(PluginCatalogue.Scan([Path.Combine(_folder, "plugins")]).Choose("sample-rng"));
        DeviceDescription device = Describe(plugin, """{ "entries": 16 }""");
        Assert.Equal(new DeviceIdentity(4, "rng"), device.Identity);
        Assert.Equal([new QueueLayout("request", 16, 1024)], device.Queues);
        Assert.Equal("entries", Assert.Throws<DeviceConfigException>(() => Describe(plugin, """{ "entries": 10 }""")).Path);
    }

    [Fact]
    public void The_guide_shows_the_sample_as_it_is()
    {
        string guide = File.ReadAllText(Checkout.PathOf("src", "Abstractions", "README.md"));
        Assert.All(SampleFiles, file =>
            Assert.Contains("\n" + File.ReadAllText(Checkout.PathOf("tests", "SamplePlugin", file)) + "```", guide, StringComparison.Ordinal));
    }

    private string Folder(params string[] names) => Directory.CreateDirectory(Path.Combine([_folder, .. names])).FullName;

    private static DeviceDescription Describe(PluginHandle plugin, string options) => plugin.CreateModel(new DeviceContext
    {
        Guest = "work",
        DeviceId = 0,
        Options = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(options))).Build(),
        PluginDirectory = plugin.Directory,
        GuestFileDirectory = "/",
        Logger = NullLogger.Instance,
    });
}
