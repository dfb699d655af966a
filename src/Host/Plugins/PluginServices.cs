using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace XenDmHost.Host.Plugins;

/// <summary>Puts the plugins into the host's container.</summary>
internal static class PluginServices
{
    /// <summary>Registers <see cref="PluginRegistry"/>; the folders are scanned when it is first asked for.</summary>
    /// <param name="services">The host's services; logging must be among them.</param>
    /// <param name="roots">The plugin folders, the first wins; empty or null for <see cref="PluginFolders.Default()"/>.</param>
    internal static IServiceCollection AddPlugins(this IServiceCollection services, IReadOnlyList<string>? roots = null) =>
        services.AddSingleton(provider => new PluginRegistry(
            roots is null or { Count: 0 } ? PluginFolders.Default() : roots,
            provider.GetRequiredService<ILogger<PluginRegistry>>()));
}
