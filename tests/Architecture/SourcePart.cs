namespace XenDmHost.ArchitectureTests;

/// <summary>A piece of a C# file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text; of a literal without its quotes.</param>
/// <param name="Line">The line on which it begins.</param>
internal sealed record SourcePart(SourceKind Kind, string Text, int Line)
{
    /// <summary>The line of a place in the text.</summary>
    internal int LineOf(int index) => Line + Text.AsSpan(0, index).Count('\n');
}
