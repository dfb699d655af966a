namespace XenDmHost.Host.Config.Json;

/// <summary>A JSON value that knows where it stands in its file.</summary>
internal sealed class JsonTreeNode
{
    private readonly JsonTreeNode? parent;
    private readonly string step;

    internal JsonTreeNode(JsonKind kind, JsonTreeNode? parent, string step, int line, int column)
    {
        Kind = kind;
        this.parent = parent;
        this.step = step;
        Line = line;
        Column = column;
    }

    internal JsonKind Kind { get; }

    /// <summary>The line of the value's first byte, counted from 1.</summary>
    internal int Line { get; }

    /// <summary>The byte of the line at which the value starts, counted from 1.</summary>
    internal int Column { get; }

    /// <summary>A string's text, a number as written, "true", "false" or "null"; empty for objects and arrays.</summary>
    internal string Text { get; init; } = "";

    /// <summary>An object's keys in the order of the file; none for other kinds.</summary>
    internal IReadOnlyList<JsonMember> Members { get; init; } = [];

    /// <summary>An array's values; none for other kinds.</summary>
    internal IReadOnlyList<JsonTreeNode> Items { get; init; } = [];

    /// <summary>
    /// The place in the file (RFC 9535). Made when asked for: kept for each value of a deep file it would need many
    /// times the file's own size.
    /// </summary>
    internal string Path => parent is null ? step : parent.Path + step;

    /// <summary>The value of a key, or null.</summary>
    internal JsonTreeNode? Find(string name)
    {
        foreach (JsonMember member in Members)
        {
            if (member.Name == name)
            {
                return member.Value;
            }
        }

        return null;
    }

    /// <summary>An object without keys at the place where this object could have had the key <paramref name="name"/>.</summary>
    internal JsonTreeNode EmptyObject(string name) => new(JsonKind.Object, this, JsonPath.Step(name), Line, Column);
}
