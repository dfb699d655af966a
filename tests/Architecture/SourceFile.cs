namespace XenDmHost.ArchitectureTests;

/// <summary>A C# file, taken apart into code, comments and string literals.</summary>
/// <param name="Path">Its path from the root of the checkout.</param>
/// <param name="Parts">Its pieces, in their order.</param>
/// <param name="LineCount">The number of lines.</param>
internal sealed record SourceFile(string Path, IReadOnlyList<SourcePart> Parts, int LineCount)
{
    internal static SourceFile Read(string path)
    {
        string text = File.ReadAllText(path);
        return new SourceFile(Repository.RelativePath(path), SourceSplitter.Split(text), text.AsSpan().Count('\n'));
    }

    internal IEnumerable<SourcePart> Of(params SourceKind[] kinds) => Parts.Where(part => kinds.Contains(part.Kind));

    /// <summary>What a test reports: where, and what was found there.</summary>
    internal string At(int line, string found) => $"{Path}:{line}: {found}";
}
