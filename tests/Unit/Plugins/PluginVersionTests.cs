using XenDmHost.Host.Plugins;

namespace XenDmHost.UnitTests.Plugins;

public sealed class PluginVersionTests
{
    /// <summary>Ascending: Semantic Versioning 2.0, section 11, and numbers compared as numbers.</summary>
    private static readonly string[] Ascending =
    [
        "0.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
        "1.0.0-rc.1", "1.0.0", "1.0.1", "1.0.1.7", "1.2", "1.10", "2.0.0-rc.1", "2", "10.0",
    ];

    [Fact]
    public void Versions_are_ordered_by_precedence_and_not_by_spelling()
    {
        List<PluginVersion> shuffled = [.. Ascending.Order(StringComparer.Ordinal).Select(Parse)];
        shuffled.Sort();
        Assert.Equal(Ascending, shuffled.Select(version => version.Text));
    }

    [Fact]
    public void Build_metadata_does_not_count()
    {
        Assert.True(Parse("1.0.0+zzz").CompareTo(Parse("1.0.1+aaa")) < 0);
        Assert.True(Parse("1.0.0-rc.1+zzz").CompareTo(Parse("1.0.0")) < 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData("1.")]
    [InlineData("1..2")]
    [InlineData("1.2.3.4.5")]
    [InlineData("v1.0")]
    [InlineData("-1.0")]
    [InlineData("1.0-")]
    [InlineData("1.0-a..b")]
    [InlineData("1.0-a_b")]
    [InlineData("99999999999.0")]
    public void What_is_no_version_is_refused(string text) => Assert.False(PluginVersion.TryParse(text, out _));

    private static PluginVersion Parse(string text) =>
        PluginVersion.TryParse(text, out PluginVersion? version) ? version : throw new ArgumentException(text);
}
