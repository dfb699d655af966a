using System.Text.RegularExpressions;
using XenDmHost.Host.Config.Json;

namespace XenDmHost.Host.Config.Schema;

/// <summary>
/// What is understood of a JSON Schema (draft 2020-12): the keywords that a plugin's options need. A null or empty
/// property means that the schema does not have the keyword. Other keywords (title, description, default and the like)
/// say nothing here.
/// </summary>
internal sealed record OptionsSchema
{
    /// <summary>How long a pattern may take for one string; a plugin's pattern must not hang the host.</summary>
    internal static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);

    internal IReadOnlyList<string> Types { get; init; } = [];

    internal IReadOnlyDictionary<string, OptionsSchema> Properties { get; init; } = new Dictionary<string, OptionsSchema>();

    internal IReadOnlyList<string> Required { get; init; } = [];

    internal bool AdditionalProperties { get; init; } = true;

    /// <summary>The schema of the values of keys that <see cref="Properties"/> does not name.</summary>
    internal OptionsSchema? AdditionalSchema { get; init; }

    internal IReadOnlyList<JsonTreeNode>? Enum { get; init; }

    internal JsonTreeNode? Const { get; init; }

    internal JsonTreeNode? Minimum { get; init; }

    internal JsonTreeNode? Maximum { get; init; }

    internal int? MinLength { get; init; }

    internal int? MaxLength { get; init; }

    internal Regex? Pattern { get; init; }

    internal OptionsSchema? Items { get; init; }

    internal int? MinItems { get; init; }

    internal int? MaxItems { get; init; }
}
