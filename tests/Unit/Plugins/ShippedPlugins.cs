using Microsoft.Extensions.DependencyInjection;
using XenDmHost.Host.Plugins;

namespace XenDmHost.UnitTests.Plugins;

/// <summary>The plugins of this repository, where the build has put them, loaded as the host loads them.</summary>
internal static class ShippedPlugins
{
    internal static PluginRegistry Registry { get; } =
        new ServiceCollection().AddLogging().AddPlugins().BuildServiceProvider().GetRequiredService<PluginRegistry>();

    internal static DeviceDescription Describe(string plugin, string options = "{}", string guestFileDirectory = "/") =>
        Registry.Open(plugin).CreateModel(options, guestFileDirectory);

    /// <summary>A layout in words, one line a field, for comparison with what a test expects.</summary>
    internal static IEnumerable<string> Fields(DeviceDescription device) => device.ConfigSpace.Fields.Select(field =>
        $"{field.Offset}:{field.Width} {field.Name}"
        + (field.Kind == 0 ? "" : $" {field.Kind}")
        + (field.Target is null ? "" : $" {field.Target}")
        + (field.Value is { } value ? $" = {Convert.ToHexStringLower(value.Span)}" : ""));

    internal static IEnumerable<string> Rules(DeviceDescription device) =>
        device.Features.Rules.Select(rule => $"{rule.Action} {rule.Bit} {rule.Name}");
}
