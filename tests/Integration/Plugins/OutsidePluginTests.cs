using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using XenDmHost.Abstractions;
using XenDmHost.Host.Plugins;

namespace XenDmHost.IntegrationTests.Plugins;

/// <summary>A plugin made by somebody who has the contract's package and the guide, and nothing else of this repository.</summary>
[Collection(OutsidePlugin.Collection)]
public sealed class OutsidePluginTests(OutsidePlugin outside)
{
    [Fact]
    public void A_plugin_built_with_the_package_alone_is_found_loaded_and_describes_its_device()
    {
        PluginManifest manifest = PluginCatalogue.Scan([outside.PluginFolder]).Choose(OutsidePlugin.Name);
        Assert.Equal(["SampleDisk.dll"], Directory.GetFiles(manifest.Folder.Path, "*.dll").Select(Path.GetFileName));
        PluginHandle plugin = PluginHandle.Load(manifest);
        DeviceDescription device = Describe(plugin, """{ "entries": 16 }""");
        Assert.Equal(new DeviceIdentity(2, "disk"), device.Identity);
        Assert.Equal([new QueueLayout("request", 16, 1024)], device.Queues);
        Assert.Equal("entries", Assert.Throws<DeviceConfigException>(() => Describe(plugin, """{ "entries": 10 }""")).Path);
    }

    [Fact]
    public void A_folder_whose_name_begins_with_a_dot_is_no_plugin_yet() => Assert.True(outside.WasHiddenWhileStaged);

    [Fact]
    public void The_guide_shows_the_sample_as_it_is()
    {
        string guide = File.ReadAllText(Checkout.PathOf("src", "Abstractions", "README.md"));
        Assert.All(OutsidePlugin.Files, file =>
            Assert.Contains("\n" + File.ReadAllText(Checkout.PathOf("tests", "SamplePlugin", file)) + "```", guide, StringComparison.Ordinal));
    }

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
