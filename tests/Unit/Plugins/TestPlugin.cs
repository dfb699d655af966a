using System.Reflection;
using System.Runtime.Loader;
using XenDmHost.Abstractions;
using XenDmHost.UnitTests.Plugins;

[assembly: DevicePlugin("test-plugin", typeof(TestPlugin))]

namespace XenDmHost.UnitTests.Plugins;

/// <summary>
/// A plugin that does what its options say. The tests copy this very assembly into plugin folders: the host then loads
/// it a second time, as it loads any plugin.
/// </summary>
public sealed class TestPlugin : IDevicePlugin
{
    /// <inheritdoc/>
    public string OptionsSchema => """{ "type": "object" }""";

    /// <inheritdoc/>
    public IDeviceModel Create(DeviceContext context) => context.Options["do"] switch
    {
        "throw" => throw new InvalidOperationException("two\nlines"),
        "refuse" => throw new DeviceConfigException("do", "must not be refuse"),
        "null" => null!,
        "null identity" => new TestDevice { Identity = null! },
        "private dependency" => new TestDevice { Identity = new DeviceIdentity(4, VersionOfDependency()) },
        _ => new TestDevice(),
    };

    private static string VersionOfDependency()
    {
        AssemblyLoadContext own = AssemblyLoadContext.GetLoadContext(typeof(TestPlugin).Assembly)!;
        return own.LoadFromAssemblyName(new AssemblyName("PrivateDependency")).GetName().Version!.ToString(2);
    }
}
