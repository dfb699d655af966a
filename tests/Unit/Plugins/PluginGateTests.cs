using System.Reflection;
using XenDmHost.Abstractions;
using XenDmHost.Host.Plugins;

namespace XenDmHost.UnitTests.Plugins;

public sealed class PluginGateTests : IDisposable
{
    private readonly TempFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_plugin_built_on_this_contract_is_accepted_with_what_its_metadata_says()
    {
        PluginEntry entry = Inspect(new AssemblyImage());
        Assert.Null(entry.Refusal);
        Assert.Equal("Some.Plugin", entry.Manifest!.TypeName);
        Assert.Equal(new Version(1, 0), entry.Manifest.Contract);
        Assert.EndsWith("/Plugin.dll", entry.Manifest.AssemblyPath, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plugin_that_needs_a_later_major_contract_is_refused_in_one_clear_line() => AssertRefused(
        "snd 2.1: needs contract 2.x, this host offers 1.0: use an older plugin or a newer host",
        new AssemblyImage { Contract = new Version(2, 0, 0, 0) });

    [Fact]
    public void A_plugin_that_needs_a_later_minor_contract_is_refused() => AssertRefused(
        "snd 2.1: needs contract 1.7, this host offers 1.0: use an older plugin or a newer host",
        new AssemblyImage { Contract = new Version(1, 7, 0, 0) });

    [Fact]
    public void A_plugin_that_needs_an_earlier_major_contract_is_refused() => AssertRefused(
        "snd 2.1: needs contract 0.x, this host offers 1.0: use a newer plugin or an older host",
        new AssemblyImage { Contract = new Version(0, 9, 0, 0) });

    [Fact]
    public void A_plugin_for_a_later_runtime_is_refused() => AssertRefused(
        $"snd 2.1: is built for .NET 99, this host runs on .NET {Environment.Version.Major}: build it for net{Environment.Version.Major}.0",
        new AssemblyImage { Runtime = new Version(99, 0, 0, 0) });

    [Theory]
    [InlineData("Microsoft.Extensions.Logging.Abstractions")]
    [InlineData("Microsoft.Extensions.DependencyInjection.Abstractions")]
    [InlineData("Microsoft.Extensions.Configuration.Abstractions")]
    [InlineData("Microsoft.Extensions.Primitives")]
    public void A_plugin_that_needs_a_later_shared_library_is_refused(string library) => AssertRefused(
        $"snd 2.1: needs {library} 99.0.0.0, which the host shares with it in version 10.0.0.0: build it against that version",
        new AssemblyImage { OtherReference = (library, new Version(99, 0, 0, 0)) });

    [Fact]
    public void A_later_version_of_a_private_library_is_the_plugins_own_business() =>
        Assert.Null(Inspect(new AssemblyImage { OtherReference = ("Serilog", new Version(99, 0, 0, 0)) }).Refusal);

    [Fact]
    public void The_plugins_name_must_be_the_folders_name() => AssertRefused(
        "snd 2.1: calls itself 'sound', but lies in a folder named 'snd': rename the folder",
        new AssemblyImage { PluginName = "sound" });

    [Theory]
    [InlineData("Snd")]
    [InlineData("")]
    [InlineData("s/d")]
    public void A_name_has_lower_case_letters_digits_and_hyphens_only(string name) => AssertRefused(
        $"snd 2.1: calls itself '{name}': a name has lower-case letters, digits and '-' only",
        new AssemblyImage { PluginName = name });

    [Theory]
    [InlineData(TypeAttributes.NotPublic)]
    [InlineData(TypeAttributes.Public | TypeAttributes.Abstract)]
    [InlineData(TypeAttributes.Public | TypeAttributes.Interface | TypeAttributes.Abstract)]
    public void The_plugins_class_must_be_public_and_one_that_can_be_created(TypeAttributes attributes) => AssertRefused(
        "snd 2.1: [assembly: DevicePlugin] names 'Some.Plugin', which is not a public class of that assembly",
        new AssemblyImage { ClassAttributes = attributes });

    [Fact]
    public void The_plugins_class_must_be_there() => AssertRefused(
        "snd 2.1: [assembly: DevicePlugin] names 'No.Such', which is not a public class of that assembly",
        new AssemblyImage { TypeName = "No.Such, Plugin, Version=1.0.0.0" });

    [Fact]
    public void An_attribute_of_that_name_from_elsewhere_does_not_count() => AssertRefused(
        "snd 2.1: no assembly here carries [assembly: DevicePlugin(name, type)]",
        new AssemblyImage { AttributeAssembly = "Somebody.Elses" });

    [Fact]
    public void A_folder_without_a_plugin_is_refused() => AssertRefused(
        "snd 2.1: no assembly here carries [assembly: DevicePlugin(name, type)]", new AssemblyImage { HasAttribute = false });

    [Fact]
    public void A_half_copied_assembly_is_refused()
    {
        string folder = Put(new AssemblyImage());
        string path = Path.Combine(folder, "Plugin.dll");
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        Assert.Equal("snd 2.1: Plugin.dll is damaged: install the plugin again", Inspect(folder).Refusal);
    }

    [Fact]
    public void Two_plugins_in_one_folder_are_refused()
    {
        string folder = Put(new AssemblyImage());
        new AssemblyImage().Write(Path.Combine(folder, "Other.dll"));
        Assert.Equal(
            "snd 2.1: Other.dll and Plugin.dll both carry [assembly: DevicePlugin]: a folder holds one plugin",
            Inspect(folder).Refusal);
    }

    [Fact]
    public void The_contract_copied_into_the_folder_and_files_that_are_no_assemblies_do_no_harm()
    {
        string folder = Put(new AssemblyImage());
        File.Copy(typeof(IDevicePlugin).Assembly.Location, Path.Combine(folder, "XenDmHost.Abstractions.dll"));
        File.WriteAllText(Path.Combine(folder, "native.dll"), "no assembly at all");
        Assert.Null(Inspect(folder).Refusal);
    }

    [Fact]
    public void A_folder_that_vanished_is_refused_and_nothing_is_thrown()
    {
        string refusal = Inspect(Path.Combine(_root.Path, "gone")).Refusal!;
        Assert.StartsWith("snd 2.1: cannot be read: ", refusal, StringComparison.Ordinal);
    }

    private void AssertRefused(string words, AssemblyImage image)
    {
        PluginEntry entry = Inspect(image);
        Assert.Equal(words, entry.Refusal);
        Assert.Null(entry.Manifest);
    }

    private PluginEntry Inspect(AssemblyImage image) => Inspect(Put(image));

    private static PluginEntry Inspect(string folder)
    {
        Assert.True(PluginVersion.TryParse("2.1", out PluginVersion? version));
        return PluginGate.Inspect(new PluginFolder("snd", version, folder));
    }

    private string Put(AssemblyImage image)
    {
        string folder = _root.Folder("snd", "2.1");
        image.Write(Path.Combine(folder, "Plugin.dll"));
        return folder;
    }
}
