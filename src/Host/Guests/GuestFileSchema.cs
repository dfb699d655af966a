using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using XenDmHost.Host.Plugins;

namespace XenDmHost.Host.Guests;

/// <summary>The JSON Schema (draft 2020-12) of guest files, for editors: the host's part, and each installed plugin's options.</summary>
internal static class GuestFileSchema
{
    private const string BaseResource = "guest-file.base.json";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema as text that ends with a line feed; of each plugin the version that a guest file gets unpinned.</summary>
    /// <exception cref="PluginException">A plugin cannot be loaded.</exception>
    internal static string Of(PluginRegistry plugins)
    {
        JsonNode schema = ReadBase();
        JsonArray rules = schema["$defs"]!["device"]!["allOf"]!.AsArray();
        IEnumerable<string> names = plugins.Catalogue.Entries
            .Where(entry => entry.Manifest is not null)
            .Select(entry => entry.Folder.Name)
            .Distinct(StringComparer.Ordinal);
        foreach (string name in names)
        {
            rules.Add(RuleFor(name, plugins.Open(name).OptionsSchema));
        }

        return schema.ToJsonString(Indented) + "\n";
    }

    /// <summary>If the plugin is this one, its options are these.</summary>
    private static JsonObject RuleFor(string plugin, string options) => new()
    {
        ["if"] = new JsonObject { ["properties"] = new JsonObject { ["plugin"] = new JsonObject { ["const"] = plugin } } },
        ["then"] = new JsonObject { ["properties"] = new JsonObject { ["options"] = JsonNode.Parse(options) } },
    };

    private static JsonNode ReadBase()
    {
        using Stream stream = typeof(GuestFileSchema).Assembly.GetManifestResourceStream(BaseResource)!;
        return JsonNode.Parse(stream)!;
    }
}
