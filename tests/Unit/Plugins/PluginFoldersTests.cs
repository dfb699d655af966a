using XenDmHost.Host.Plugins;

namespace XenDmHost.UnitTests.Plugins;

public sealed class PluginFoldersTests : IDisposable
{
    private readonly TempFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Plugins_beside_the_program_come_first()
    {
        string program = _root.Folder("artifacts", "bin", "XenDmHost.Host", "debug"), beside = Path.Combine(program, "plugins");
        Directory.CreateDirectory(beside);
        _root.Folder("artifacts", "plugins");
        Assert.Equal(beside, PluginFolders.Default(program));
    }

    [Fact]
    public void In_a_checkout_the_build_puts_them_into_artifacts()
    {
        string program = _root.Folder("artifacts", "bin", "XenDmHost.Host", "debug") + "/";
        string plugins = _root.Folder("artifacts", "plugins");
        Assert.Equal(plugins, PluginFolders.Default(program));
    }

    [Fact]
    public void Elsewhere_the_installed_ones_are_used()
    {
        string program = _root.Folder("usr", "lib", "a", "b");
        _root.Folder("usr", "plugins");
        Assert.Equal("/usr/lib/xendmhost/plugins", PluginFolders.Default(program));
    }
}
