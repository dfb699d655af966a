using XenDmHost.Host.Plugins;

namespace XenDmHost.UnitTests.Plugins;

public sealed class PluginCatalogueTests : IDisposable
{
    private readonly TempFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Without_a_pinned_version_the_highest_is_chosen()
    {
        Install("snd", "1.9.0", "1.10.0", "1.10.0-rc.1");
        Assert.Equal("1.10.0", Scan().Choose("snd").Folder.Version.Text);
    }

    [Fact]
    public void A_pinned_version_is_chosen()
    {
        Install("snd", "1.9.0", "1.10.0");
        Assert.Equal("1.9.0", Scan().Choose("snd", "1.9.0").Folder.Version.Text);
    }

    [Fact]
    public void A_version_that_this_host_cannot_load_is_passed_over()
    {
        Install("snd", "1.0.0");
        Install(new AssemblyImage { Contract = new Version(2, 0, 0, 0) }, "snd", "2.0.0");
        Assert.Equal("1.0.0", Scan().Choose("snd").Folder.Version.Text);
    }

    [Fact]
    public void When_all_versions_are_refused_the_highest_ones_reason_is_told()
    {
        Install(new AssemblyImage { Contract = new Version(2, 0, 0, 0) }, "snd", "2.0.0");
        AssertNone(
            "plugin snd 2.0.0: needs contract 2.x, this host offers 1.0: use an older plugin or a newer host",
            () => Scan().Choose("snd"));
    }

    [Fact]
    public void A_pinned_version_that_is_not_there_is_an_error_that_lists_those_that_are()
    {
        Install("snd", "1.0.0", "1.2.0");
        AssertNone("plugin snd has no version 3.0: installed are 1.2.0, 1.0.0", () => Scan().Choose("snd", "3.0"));
    }

    [Fact]
    public void An_unknown_plugin_is_an_error_that_names_the_nearest()
    {
        Install("snd", "1.0.0");
        Install("gpu", "1.0.0");
        AssertNone("there is no plugin 'sund': did you mean 'snd'? (installed are gpu, snd)", () => Scan().Choose("sund"));
        AssertNone("there is no plugin 'balloon': installed are gpu, snd", () => Scan().Choose("balloon"));
    }

    [Fact]
    public void With_no_plugin_at_all_the_error_says_so() =>
        AssertNone("there is no plugin 'snd': none is installed", () => Scan().Choose("snd"));

    [Fact]
    public void A_folder_that_is_still_being_written_is_ignored()
    {
        Install("snd", "1.0.0");
        _root.Folder("snd", ".1.1.0.4711.new");
        _root.Folder(".snd");
        PluginCatalogue catalogue = Scan();
        Assert.Equal("1.0.0", Assert.Single(catalogue.Entries).Folder.Version.Text);
        Assert.Empty(catalogue.Findings);
    }

    [Fact]
    public void The_earlier_root_wins_on_the_same_name_and_version()
    {
        string first = _root.Folder("first"), second = _root.Folder("second");
        Install("first/snd", "1.0.0");
        Install("second/snd", "1.0.0");
        PluginCatalogue catalogue = PluginCatalogue.Scan([first, second]);
        Assert.Equal($"{first}/snd/1.0.0", Assert.Single(catalogue.Entries).Folder.Path);
        Assert.Equal($"{second}/snd/1.0.0: hidden by {first}/snd/1.0.0", Assert.Single(catalogue.Findings).ToString());
    }

    [Fact]
    public void A_higher_version_in_a_later_root_is_chosen()
    {
        string first = _root.Folder("first"), second = _root.Folder("second");
        Install("first/snd", "1.0.0");
        Install("second/snd", "1.1.0");
        Assert.Equal("1.1.0", PluginCatalogue.Scan([first, second]).Choose("snd").Folder.Version.Text);
    }

    [Fact]
    public void What_is_wrong_with_one_folder_is_a_finding_and_the_others_are_found()
    {
        Install("snd", "1.0.0");
        string name = _root.Folder("Snd"), version = _root.Folder("snd", "latest"), empty = _root.Folder("gpu", "1.0.0");
        _root.File("README", "not a folder");
        PluginCatalogue catalogue = PluginCatalogue.Scan([_root.Path, "/no/such/folder"]);
        Assert.Equal(
            [
                $"{name}: 'Snd' is no plugin name: lower-case letters, digits and '-' only",
                $"{version}: 'latest' is no version: write it as 1.2.3 or 1.2.3-beta.1",
                "/no/such/folder: this plugin folder does not exist",
            ],
            catalogue.Findings.Select(finding => finding.ToString()));
        Assert.Equal([empty, $"{_root.Path}/snd/1.0.0"], catalogue.Entries.Select(entry => entry.Folder.Path));
        Assert.Equal("1.0.0", catalogue.Choose("snd").Folder.Version.Text);
    }

    private void Install(string name, params string[] versions)
    {
        foreach (string version in versions)
        {
            Install(new AssemblyImage { PluginName = Path.GetFileName(name) }, name, version);
        }
    }

    private void Install(AssemblyImage image, string name, string version) =>
        image.Write(Path.Combine(_root.Folder(name, version), "Plugin.dll"));

    private PluginCatalogue Scan() => PluginCatalogue.Scan([_root.Path]);

    private static void AssertNone(string words, Action choose) =>
        Assert.Equal(words, Assert.Throws<PluginException>(choose).Message);
}
