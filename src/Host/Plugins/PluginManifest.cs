namespace XenDmHost.Host.Plugins;

/// <summary>What a plugin's metadata says about it; none of its code has run.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="AssemblyPath">The assembly with the <c>DevicePlugin</c> attribute.</param>
/// <param name="TypeName">The full name of the class that implements <c>IDevicePlugin</c>.</param>
/// <param name="Contract">The version of XenDmHost.Abstractions that it was built against.</param>
internal sealed record PluginManifest(PluginFolder Folder, string AssemblyPath, string TypeName, Version Contract);
