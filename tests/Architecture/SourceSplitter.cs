namespace XenDmHost.ArchitectureTests;

/// <summary>Splits C# into code, comments and literals; knows verbatim, interpolated and raw strings.</summary>
internal sealed class SourceSplitter
{
    private readonly string _text;
    private readonly List<SourcePart> _parts = [];
    private int _at;
    private int _line = 1;

    private SourceSplitter(string text) => _text = text;

    internal static IReadOnlyList<SourcePart> Split(string text)
    {
        SourceSplitter splitter = new(text);
        splitter.Code(closing: '\0');
        return splitter._parts;
    }

    /// <summary>Reads code up to the end, or up to the brace that closes an interpolation.</summary>
    private void Code(char closing)
    {
        int start = _at;
        int depth = 0;
        while (_at < _text.Length)
        {
            char c = _text[_at];
            if (closing != '\0' && c == closing && depth == 0)
            {
                break;
            }

            depth += c is '{' or '(' or '[' ? 1 : c is '}' or ')' or ']' ? -1 : 0;
            if (Starts("//") || Starts("/*"))
            {
                Add(SourceKind.Code, start, _at);
                Comment();
                start = _at;
            }
            else if (c is '"' or '\'' || Starts("$\"") || Starts("$@\"") || Starts("@\"") || Starts("@$\"") || Starts("$$\""))
            {
                Add(SourceKind.Code, start, _at);
                Literal();
                start = _at;
            }
            else
            {
                _at++;
            }
        }

        Add(SourceKind.Code, start, _at);
    }

    private void Comment()
    {
        string end = Starts("//") ? "\n" : "*/";
        int stop = _text.IndexOf(end, _at + 2, StringComparison.Ordinal);
        int start = _at;
        _at = stop < 0 ? _text.Length : stop + (end == "\n" ? 0 : 2);
        Add(SourceKind.Comment, start, _at);
    }

    private void Literal()
    {
        int dollars = 0;
        bool verbatim = false;
        for (; _text[_at] is '$' or '@'; _at++)
        {
            dollars += _text[_at] == '$' ? 1 : 0;
            verbatim |= _text[_at] == '@';
        }

        char quote = _text[_at];
        int quotes = 1;
        while (quote == '"' && !verbatim && quotes < _text.Length - _at && _text[_at + quotes] == '"')
        {
            quotes++;
        }

        bool raw = quotes >= 3;
        string end = new(quote, raw ? quotes : 1);
        _at += end.Length;
        Content(end, raw, verbatim, dollars);
    }

    private void Content(string end, bool raw, bool verbatim, int dollars)
    {
        int start = _at;
        string open = new('{', Math.Max(dollars, 1));
        while (_at < _text.Length && !(Starts(end) && !(verbatim && Starts("\"\""))))
        {
            if (dollars > 0 && !raw && Starts("{{"))
            {
                _at += 2;
            }
            else if (dollars > 0 && Starts(open))
            {
                Add(SourceKind.Literal, start, _at);
                _at += open.Length;
                Code(closing: '}');
                _at += open.Length;
                start = _at;
            }
            else
            {
                bool pair = (verbatim && Starts("\"\"")) || (!verbatim && !raw && _text[_at] == '\\');
                _at += pair ? 2 : 1;
            }
        }

        Add(SourceKind.Literal, start, Math.Min(_at, _text.Length));
        _at += end.Length;
    }

    private bool Starts(string what) => string.CompareOrdinal(_text, _at, what, 0, what.Length) == 0;

    private void Add(SourceKind kind, int start, int end)
    {
        if (end > start)
        {
            _parts.Add(new SourcePart(kind, _text[start..end], _line));
            _line += _text.AsSpan(start, end - start).Count('\n');
        }
    }
}
