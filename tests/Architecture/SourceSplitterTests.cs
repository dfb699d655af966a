namespace XenDmHost.ArchitectureTests;

/// <summary>The scans are worth as much as what takes the sources apart.</summary>
public sealed class SourceSplitterTests
{
    [Theory]
    [InlineData("""a = "text"; // note""", "C:a = |L:text|C:; |K:// note")]
    [InlineData("""/* one */ b = 'c';""", "K:/* one */|C: b = |L:c|C:;")]
    [InlineData("""f($"a{x + $"b{y}"}c")""", "C:f(|L:a|C:x + |L:b|C:y|L:c|C:)")]
    [InlineData("""g("a\"b // no", @"c\", @"d""e")""", """C:g(|L:a\"b // no|C:, |L:c\|C:, |L:d""e|C:)""")]
    [InlineData("""h($"{{no}} {(a ? "x" : "y")}")""", "C:h(|L:{{no}} |C:(a ? |L:x|C: : |L:y|C:)|C:)")]
    [InlineData("i(\"\"\"raw \"quoted\" // text\"\"\", j)", "C:i(|L:raw \"quoted\" // text|C:, j)")]
    [InlineData("k($$\"\"\"a {b} {{c}} d\"\"\")", "C:k(|L:a {b} |C:c|L: d|C:)")]
    [InlineData("""l('"', '\'', "")""", """C:l(|L:"|C:, |L:\'|C:, |C:)""")]
    public void Sources_are_taken_apart(string source, string expected)
    {
        IEnumerable<string> parts = SourceSplitter.Split(source).Select(part => $"{Letter(part.Kind)}:{part.Text}");
        Assert.Equal(expected, string.Join('|', parts));
    }

    [Fact]
    public void Each_part_knows_its_line()
    {
        IReadOnlyList<SourcePart> parts = SourceSplitter.Split("a\nb \"c\"\n// d\n/* e\nf */ g");
        Assert.Equal([1, 2, 2, 3, 3, 4, 5], parts.Select(part => part.Line));
        Assert.Equal(5, parts[5].LineOf(parts[5].Text.IndexOf('f')));
    }

    private static char Letter(SourceKind kind) => kind switch { SourceKind.Code => 'C', SourceKind.Comment => 'K', _ => 'L' };
}
