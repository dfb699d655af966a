namespace XenDmHost.ArchitectureTests;

internal enum SourceKind
{
    Code,
    Comment,

    /// <summary>The text of a string or character literal; what stands in an interpolation's braces is code.</summary>
    Literal,
}
