using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using XenDmHost.Abstractions;

namespace XenDmHost.Host.Plugins;

/// <summary>The types that host and plugins have in common. Everything else a plugin brings along, in its own version.</summary>
internal static class SharedContract
{
    /// <summary>The name of the contract's assembly.</summary>
    internal const string AssemblyName = "XenDmHost.Abstractions";

    /// <summary>One type of each shared assembly, as the loader wants it.</summary>
    internal static Type[] Types { get; } =
        [typeof(IDevicePlugin), typeof(ILogger), typeof(IServiceCollection), typeof(IConfiguration)];

    /// <summary>The contract's version that this host offers: major.minor.</summary>
    internal static Version Version { get; } = Short(typeof(IDevicePlugin).Assembly.GetName().Version!);

    /// <summary>
    /// The shared assemblies besides the contract, with the version that the host has of each. Primitives is among them
    /// because IConfiguration has it in its signatures.
    /// </summary>
    internal static IReadOnlyDictionary<string, Version> Libraries { get; } =
        Types.Append(typeof(IChangeToken))
            .Select(type => type.Assembly.GetName())
            .Where(name => name.Name != AssemblyName)
            .ToDictionary(name => name.Name!, name => name.Version!, StringComparer.OrdinalIgnoreCase);

    /// <summary>Major and minor alone.</summary>
    internal static Version Short(Version version) => new(version.Major, version.Minor);
}
