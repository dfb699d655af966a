using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Loader;
using XenDmHost.Abstractions;
using XenDmHost.Host.Plugins;

namespace XenDmHost.UnitTests.Plugins;

public sealed class PluginHandleTests : IDisposable
{
    private readonly TempFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_plugin_describes_its_device()
    {
        DeviceDescription device = Load("1.0").CreateModel("{}");
        Assert.Equal(new DeviceIdentity(4, "test"), device.Identity);
        Assert.Equal([new QueueLayout("request", 64, 1024)], device.Queues);
    }

    [Fact]
    public void A_plugin_lives_in_a_load_context_of_its_own_and_shares_the_contracts_types()
    {
        IDeviceModel model = Load("1.0").CreateModel("{}").Model;
        Assert.NotSame(typeof(TestDevice).Assembly, model.GetType().Assembly);
        Assert.NotSame(AssemblyLoadContext.Default, AssemblyLoadContext.GetLoadContext(model.GetType().Assembly));
    }

    [Fact]
    public void The_contract_copied_beside_a_plugin_does_no_harm()
    {
        PluginManifest manifest = Install("1.0");
        File.Copy(typeof(IDevicePlugin).Assembly.Location, Path.Combine(manifest.Folder.Path, "XenDmHost.Abstractions.dll"));
        Assert.Equal(4u, PluginHandle.Load(manifest).CreateModel("{}").Identity.VirtioId);
    }

    [Fact]
    public void Two_versions_of_a_private_dependency_live_side_by_side()
    {
        PluginManifest older = Install("1.0"), newer = Install("2.0");
        WriteDependency(older, new Version(12, 3));
        WriteDependency(newer, new Version(13, 1));
        PluginHandle first = PluginHandle.Load(older), second = PluginHandle.Load(newer);
        const string Options = """{ "do": "private dependency" }""";
        Assert.Equal("12.3", first.CreateModel(Options).Identity.Name);
        Assert.Equal("13.1", second.CreateModel(Options).Identity.Name);
        Assert.DoesNotContain(AssemblyLoadContext.Default.Assemblies, assembly => assembly.GetName().Name == "PrivateDependency");
    }

    [Fact]
    public void What_a_plugin_throws_becomes_one_line_that_names_it()
    {
        PluginException error = Assert.Throws<PluginException>(() => Load("1.2.3").CreateModel("""{ "do": "throw" }"""));
        Assert.Equal("plugin test-plugin 1.2.3 failed to describe the device: InvalidOperationException: two lines", error.Message);
        Assert.IsType<InvalidOperationException>(error.InnerException);
    }

    [Fact]
    public void A_complaint_about_options_keeps_its_path()
    {
        DeviceConfigException error = Assert.Throws<DeviceConfigException>(() => Load("1.0").CreateModel("""{ "do": "refuse" }"""));
        Assert.Equal("do", error.Path);
    }

    [Theory]
    [InlineData("null", "plugin test-plugin 1.0 returned null instead of a device")]
    [InlineData("null identity", "plugin test-plugin 1.0 returned a device without Identity")]
    public void A_description_that_no_device_can_have_is_one_line_that_names_the_plugin(string what, string words) =>
        Assert.Equal(words, Assert.Throws<PluginException>(() => Load("1.0").CreateModel($$"""{ "do": "{{what}}" }""")).Message);

    [Fact]
    public void A_class_that_is_no_plugin_is_one_line_that_names_it()
    {
        PluginManifest manifest = Install("1.0") with { TypeName = typeof(PluginHandleTests).FullName! };
        Assert.Equal(
            "plugin test-plugin 1.0 names XenDmHost.UnitTests.Plugins.PluginHandleTests as its class, which does not implement IDevicePlugin",
            Assert.Throws<PluginException>(() => PluginHandle.Load(manifest)).Message);
    }

    private PluginHandle Load(string version) => PluginHandle.Load(Install(version));

    /// <summary>Puts this assembly into a plugin folder and takes it through the catalogue and the gate.</summary>
    private PluginManifest Install(string version)
    {
        string source = typeof(TestPlugin).Assembly.Location;
        File.Copy(source, Path.Combine(_root.Folder("test-plugin", version), Path.GetFileName(source)));
        return PluginCatalogue.Scan([_root.Path]).Choose("test-plugin", version);
    }

    private static void WriteDependency(PluginManifest plugin, Version version)
    {
        PersistedAssemblyBuilder assembly = new(new AssemblyName("PrivateDependency") { Version = version }, typeof(object).Assembly);
        assembly.DefineDynamicModule("PrivateDependency");
        assembly.Save(Path.Combine(plugin.Folder.Path, "PrivateDependency.dll"));
    }
}
