using System.Text;
using System.Text.RegularExpressions;
using XenDmHost.Host.Config.Checks;
using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config.Schema;

/// <summary>Reads a plugin's schema. Its mistakes are the plugin author's, so they are kept apart from a user's.</summary>
internal sealed class OptionsSchemaParser
{
    private static readonly string[] TypeNames = ["null", "boolean", "number", "integer", "string", "array", "object"];

    private readonly ConfigErrorList problems = new("schema");

    /// <summary>Returns the schema, or null and what is wrong with it.</summary>
    internal static (OptionsSchema? Schema, ConfigError? Problem) Parse(string text)
    {
        var parser = new OptionsSchemaParser();
        JsonTreeNode? root = JsonTreeParser.Parse(Encoding.UTF8.GetBytes(text), parser.problems);
        OptionsSchema? schema = root is null ? null : parser.Schema(root);
        return parser.problems.Count == 0 ? (schema, null) : (null, parser.problems.Sorted()[0]);
    }

    private OptionsSchema Schema(JsonTreeNode node)
    {
        if (node is { Kind: JsonKind.Boolean, Text: "true" })
        {
            return new OptionsSchema();
        }

        if (!ValueChecks.Kind(node, JsonKind.Object, "a schema (an object)", problems))
        {
            return new OptionsSchema();
        }

        return new OptionsSchema
        {
            Types = Types(node.Find("type")),
            Properties = Properties(node),
            Required = Strings(OfKind(node, "required", JsonKind.Array)),
            AdditionalProperties = node.Find("additionalProperties") is not { Kind: JsonKind.Boolean, Text: "false" },
            AdditionalSchema = node.Find("additionalProperties") is { Kind: not JsonKind.Boolean } additional ? Schema(additional) : null,
            Enum = OfKind(node, "enum", JsonKind.Array)?.Items,
            Const = node.Find("const"),
            Minimum = OfKind(node, "minimum", JsonKind.Number),
            Maximum = OfKind(node, "maximum", JsonKind.Number),
            MinLength = Count(node, "minLength"),
            MaxLength = Count(node, "maxLength"),
            Pattern = Pattern(OfKind(node, "pattern", JsonKind.String)),
            Items = node.Find("items") is { } items ? Schema(items) : null,
            MinItems = Count(node, "minItems"),
            MaxItems = Count(node, "maxItems"),
        };
    }

    private Dictionary<string, OptionsSchema> Properties(JsonTreeNode node) =>
        (OfKind(node, "properties", JsonKind.Object)?.Members ?? []).ToDictionary(member => member.Name, member => Schema(member.Value));

    private List<string> Types(JsonTreeNode? type)
    {
        if (type is null)
        {
            return [];
        }

        List<string> types = type.Kind == JsonKind.Array ? Strings(type) : [type.Text];
        if (types.Find(name => !TypeNames.Contains(name)) is { } unknown)
        {
            problems.Add(type, $"{Shown.Name(unknown)} is no type; there are {string.Join(", ", TypeNames)}");
        }

        return types;
    }

    private List<string> Strings(JsonTreeNode? array)
    {
        foreach (JsonTreeNode item in array?.Items ?? [])
        {
            ValueChecks.Kind(item, JsonKind.String, "a string", problems);
        }

        return [.. (array?.Items ?? []).Select(item => item.Text)];
    }

    private int? Count(JsonTreeNode node, string keyword) =>
        node.Find(keyword) is { } value && ValueChecks.Integer(value, 0, int.MaxValue, problems)
            ? (int?)ValueChecks.AsInteger(value)
            : null;

    private Regex? Pattern(JsonTreeNode? pattern)
    {
        try
        {
            return pattern is null ? null : new Regex(pattern.Text, RegexOptions.CultureInvariant, OptionsSchema.PatternLimit);
        }
        catch (RegexParseException e)
        {
            problems.Add(pattern!, $"no regular expression: {e.Message}");
            return null;
        }
    }

    private JsonTreeNode? OfKind(JsonTreeNode node, string keyword, JsonKind kind) =>
        node.Find(keyword) is { } value && ValueChecks.Kind(value, kind, $"a value of kind {kind.ToString().ToLowerInvariant()}", problems)
            ? value
            : null;
}
