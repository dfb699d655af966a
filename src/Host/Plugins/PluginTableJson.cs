using System.Text.Json.Serialization;

namespace XenDmHost.Host.Plugins;

/// <summary>How <c>plugins list --json</c> is written: camelCase, one object per plugin version.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<PluginRow>))]
internal sealed partial class PluginTableJson : JsonSerializerContext;
