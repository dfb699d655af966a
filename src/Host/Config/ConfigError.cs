using System.Text;

namespace XenDmHost.Host.Config;

/// <summary>One thing that is wrong in a configuration file.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">The line, counted from 1; 0 when the file as a whole is meant (it cannot be read).</param>
/// <param name="JsonPath">The place in the file, such as <c>$.devices[1].queues.size</c> (RFC 9535).</param>
/// <param name="Message">What is wrong and what would be right.</param>
internal sealed record ConfigError(string File, int Line, string JsonPath, string Message)
{
    /// <summary>
    /// Always one line: a file may hold line feeds and terminal escapes in keys and strings, and they reach the message.
    /// </summary>
    public override string ToString() =>
        OneLine(Line == 0 ? $"{File}: {Message}" : $"{File}:{Line}: {JsonPath}: {Message}");

    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            _ = char.IsControl(c) || c is '\u2028' or '\u2029' ? line.Append($"\\u{(int)c:x4}") : line.Append(c);
        }

        return line.ToString();
    }
}
