using System.Text.RegularExpressions;
using XenDmHost.Host.Config.Checks;
using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config.Schema;

/// <summary>Checks a device's <c>"options"</c> against the schema that its plugin carries.</summary>
internal sealed class OptionsSchemaChecker
{
    private readonly ConfigErrorList errors;

    private OptionsSchemaChecker(ConfigErrorList errors) => this.errors = errors;

    /// <summary>Checks the options; they count as an empty object when the device has none.</summary>
    /// <param name="device">The device.</param>
    /// <param name="schemaText"><see cref="Abstractions.IDevicePlugin.OptionsSchema"/>.</param>
    internal static IReadOnlyList<ConfigError> Check(DeviceEntry device, string schemaText)
    {
        (OptionsSchema? schema, ConfigError? problem) = OptionsSchemaParser.Parse(schemaText);
        if (schema is null)
        {
            string fault = $"plugin '{device.Plugin}' is faulty: its options schema, line {problem?.Line}, {problem?.JsonPath}: {problem?.Message}";
            return [device.ErrorAt("plugin", fault)];
        }

        var checker = new OptionsSchemaChecker(device.NewErrorList());
        checker.Value(device.OptionsNode, schema);
        return checker.errors.Sorted();
    }

    private void Value(JsonTreeNode node, OptionsSchema schema)
    {
        if (schema.Types.Count > 0 && !schema.Types.Any(type => IsOfType(node, type)))
        {
            errors.Add(node, $"expected {Shown.Choice([.. schema.Types.Select(Article)])}, found {Shown.Value(node)}");
            return;
        }

        Constants(node, schema);
        switch (node.Kind)
        {
            case JsonKind.Object:
                Object(node, schema);
                break;
            case JsonKind.Array:
                Array(node, schema);
                break;
            case JsonKind.String:
                String(node, schema);
                break;
            case JsonKind.Number:
                Number(node, schema);
                break;
            default:
                break;
        }
    }

    private void Constants(JsonTreeNode node, OptionsSchema schema)
    {
        IReadOnlyList<JsonTreeNode>? allowed = schema.Const is { } constant ? [constant] : schema.Enum;
        if (allowed is not null && !allowed.Any(value => JsonEquality.Same(value, node)))
        {
            errors.Add(node, $"expected {Shown.Choice([.. allowed.Select(Shown.Literal)])}, found {Shown.Value(node)}");
        }
    }

    private void Object(JsonTreeNode node, OptionsSchema schema)
    {
        HashSet<string> meant = [];
        foreach (JsonMember member in node.Members)
        {
            if (schema.Properties.TryGetValue(member.Name, out OptionsSchema? property))
            {
                Value(member.Value, property);
            }
            else if (schema.AdditionalSchema is { } additional)
            {
                Value(member.Value, additional);
            }
            else if (!schema.AdditionalProperties)
            {
                List<string> known = [.. schema.Properties.Keys];
                errors.Add(member, NearestName.Explain("key", member.Name, known));
                meant.Add(NearestName.Find(member.Name, known) ?? "");
            }
        }

        foreach (string key in schema.Required)
        {
            if (node.Find(key) is null && !meant.Contains(key))
            {
                errors.Add(node, $"required key '{key}' is missing");
            }
        }
    }

    private void Array(JsonTreeNode node, OptionsSchema schema)
    {
        Range(node, node.Items.Count, "values", schema.MinItems, schema.MaxItems);
        if (schema.Items is { } items)
        {
            foreach (JsonTreeNode item in node.Items)
            {
                Value(item, items);
            }
        }
    }

    private void String(JsonTreeNode node, OptionsSchema schema)
    {
        Range(node, node.Text.EnumerateRunes().Count(), "characters", schema.MinLength, schema.MaxLength);
        if (schema.Pattern is { } pattern && !Matches(pattern, node.Text))
        {
            errors.Add(node, $"{Shown.Name(node.Text)} does not match the pattern {pattern}");
        }
    }

    private void Number(JsonTreeNode node, OptionsSchema schema)
    {
        if (schema.Minimum is { } minimum && JsonEquality.Compare(node.Text, minimum.Text) < 0)
        {
            errors.Add(node, $"{node.Text} is too small; use at least {minimum.Text}");
        }

        if (schema.Maximum is { } maximum && JsonEquality.Compare(node.Text, maximum.Text) > 0)
        {
            errors.Add(node, $"{node.Text} is too large; use at most {maximum.Text}");
        }
    }

    private void Range(JsonTreeNode node, int count, string what, int? min, int? max)
    {
        if (count < min)
        {
            errors.Add(node, $"expected at least {min} {what}, found {count}");
        }

        if (count > max)
        {
            errors.Add(node, $"expected at most {max} {what}, found {count}");
        }
    }

    private static bool Matches(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static bool IsOfType(JsonTreeNode node, string type) => type switch
    {
        "integer" => node.Kind == JsonKind.Number && ValueChecks.AsInteger(node) is not null,
        _ => string.Equals(type, node.Kind.ToString(), StringComparison.OrdinalIgnoreCase),
    };

    private static string Article(string type) => type switch
    {
        "null" => "null",
        "boolean" => "true or false",
        "integer" or "array" or "object" => $"an {type}",
        _ => $"a {type}",
    };
}
