using System.Text;
using System.Text.Json;

namespace XenDmHost.Host.Config.Json;

/// <summary>
/// Reads JSON with comments and trailing commas into a tree with positions. Whatever the bytes are, what is wrong with
/// them comes back as errors, never as an exception.
/// </summary>
/// <remarks>
/// Microsoft.Extensions.Configuration flattens the same bytes later. It compares keys without case and joins them with
/// ':', so keys that clash there are refused here, where the line is still known.
/// </remarks>
internal sealed class JsonTreeParser
{
    internal const int MaxDepth = 32;

    /// <summary>The longest key in UTF-16 units; it keeps the paths in messages readable.</summary>
    internal const int MaxKeyLength = 128;

    private readonly ConfigErrorList errors;
    private readonly LineIndex lines;
    private JsonTreeNode? innermost;

    private JsonTreeParser(ReadOnlySpan<byte> utf8, ConfigErrorList errors)
    {
        this.errors = errors;
        lines = new LineIndex(utf8);
    }

    /// <summary>Parses a file; its byte order mark, if any, is skipped.</summary>
    /// <returns>The root value, or null after a syntax error. A tree may come with errors too, such as duplicate keys.</returns>
    internal static JsonTreeNode? Parse(ReadOnlySpan<byte> file, ConfigErrorList errors)
    {
        ReadOnlySpan<byte> utf8 = file.StartsWith("\uFEFF"u8) ? file[3..] : file;
        var parser = new JsonTreeParser(utf8, errors);
        return parser.IsUtf8(utf8) ? parser.Root(utf8) : null;
    }

    private bool IsUtf8(ReadOnlySpan<byte> utf8)
    {
        int offset = System.Text.Unicode.Utf8.IsValid(utf8) ? utf8.Length : 0;
        while (offset < utf8.Length)
        {
            if (Rune.DecodeFromUtf8(utf8[offset..], out _, out int consumed) != System.Buffers.OperationStatus.Done)
            {
                (int line, int column) = lines.At(offset);
                errors.Add(line, null, $"byte 0x{utf8[offset]:x2} in column {column} is not UTF-8; save the file as UTF-8");
                return false;
            }

            offset += consumed;
        }

        return true;
    }

    private JsonTreeNode? Root(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
            MaxDepth = MaxDepth,
        });
        try
        {
            reader.Read();
            JsonTreeNode root = Value(ref reader, null, "$");
            innermost = null;
            reader.Read();
            return root;
        }
        catch (JsonException e)
        {
            int line = (int)(e.LineNumber ?? 0) + 1;
            errors.Add(line, innermost, $"not valid JSON in column {(e.BytePositionInLine ?? 0) + 1}: {Reason(e.Message)}");
        }
        catch (InvalidOperationException)
        {
            // GetString refuses an escape such as \ud800 on its own: half of a surrogate pair is no character.
            (int line, int column) = lines.At(reader.TokenStartIndex);
            errors.Add(line, innermost, $"the string in column {column} has a \\u escape that is half of a pair");
        }

        return null;
    }

    /// <summary>
    /// The exception's text in a user's words where the library's are about its own workings, and without the position
    /// that it appends, which counts from 0.
    /// </summary>
    private static string Reason(string message)
    {
        if (message.StartsWith("Expected depth to be zero", StringComparison.Ordinal))
        {
            return "the file ends before an object or array is closed";
        }

        if (message.StartsWith("The input does not contain any JSON", StringComparison.Ordinal))
        {
            return "the file is empty";
        }

        if (message.StartsWith("The maximum configured depth", StringComparison.Ordinal))
        {
            return $"objects and arrays are nested more than {MaxDepth} deep";
        }

        int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (position < 0 ? message : message[..position]).TrimEnd('.');
    }

    private JsonTreeNode Value(ref Utf8JsonReader reader, JsonTreeNode? parent, string step)
    {
        (int line, int column) = lines.At(reader.TokenStartIndex);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => Object(ref reader, parent, step, line, column),
            JsonTokenType.StartArray => Array(ref reader, parent, step, line, column),
            JsonTokenType.String => Scalar(JsonKind.String, reader.GetString()!),
            JsonTokenType.Number => Scalar(JsonKind.Number, Encoding.UTF8.GetString(reader.ValueSpan)),
            JsonTokenType.Null => Scalar(JsonKind.Null, "null"),
            _ => Scalar(JsonKind.Boolean, reader.TokenType == JsonTokenType.True ? "true" : "false"),
        };

        JsonTreeNode Scalar(JsonKind kind, string text) => new(kind, parent, step, line, column) { Text = text };
    }

    private JsonTreeNode Array(ref Utf8JsonReader reader, JsonTreeNode? parent, string step, int line, int column)
    {
        List<JsonTreeNode> items = [];
        var node = new JsonTreeNode(JsonKind.Array, parent, step, line, column) { Items = items };
        innermost = node;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Value(ref reader, node, JsonPath.Step(items.Count)));
            innermost = node;
        }

        return node;
    }

    private JsonTreeNode Object(ref Utf8JsonReader reader, JsonTreeNode? parent, string step, int line, int column)
    {
        List<JsonMember> members = [];
        var node = new JsonTreeNode(JsonKind.Object, parent, step, line, column) { Members = members };
        innermost = node;
        var seen = new Dictionary<string, JsonMember>(StringComparer.OrdinalIgnoreCase);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            JsonMember member = Member(ref reader, node);
            if (IsUsable(member, seen))
            {
                members.Add(member);
            }

            innermost = node;
        }

        return node;
    }

    private JsonMember Member(ref Utf8JsonReader reader, JsonTreeNode node)
    {
        string name = reader.GetString()!;
        (int line, int column) = lines.At(reader.TokenStartIndex);
        string step = JsonPath.Step(name.Length <= MaxKeyLength ? name : "...");
        innermost = new JsonTreeNode(JsonKind.Null, node, step, line, column);
        reader.Read();
        return new JsonMember(name, line, column, Value(ref reader, node, step));
    }

    private bool IsUsable(JsonMember member, Dictionary<string, JsonMember> seen)
    {
        string? problem = member.Name switch
        {
            "" => "a key must not be empty",
            { Length: > MaxKeyLength } => $"a key of {member.Name.Length} characters is too long; {MaxKeyLength} are allowed",
            _ when member.Name.Contains(':', StringComparison.Ordinal) => $"key {Shown.Name(member.Name)} must not contain ':'",
            _ when seen.TryGetValue(member.Name, out JsonMember? first) => Duplicate(member.Name, first),
            _ => null,
        };
        if (problem is not null)
        {
            errors.Add(member, problem);
            return false;
        }

        seen.Add(member.Name, member);
        return true;
    }

    private static string Duplicate(string name, JsonMember first) => name == first.Name
        ? $"duplicate key '{name}'; the first is on line {first.Line}"
        : $"key '{name}' differs only in case from '{first.Name}' on line {first.Line}";
}
