using System.Text;
using System.Text.RegularExpressions;
using XenDmHost.Host.Config;

namespace XenDmHost.UnitTests.Config;

/// <summary>What the documentation shows must work when it is copied.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Root = FindRoot();

    public static TheoryData<string> Examples =>
        [.. Directory.GetFiles($"{Root}/examples", "*.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root, file))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_is_a_guest_file_that_passes(string file)
    {
        byte[] bytes = File.ReadAllBytes($"{Root}/{file}");
        Assert.Equal("", Errors.Join(GuestFileReader.Parse(file, bytes, _ => true).Errors));
    }

    [Fact]
    public void The_disk_example_passes_where_it_lies() =>
        Assert.Equal("", Errors.Join(GuestFileReader.Read($"{Root}/examples/disk.json").Errors));

    [Fact]
    public void Every_block_of_the_page_passes()
    {
        string[] blocks = [.. Block().Matches(Page()).Select(match => match.Groups[1].Value)];
        string[] guests = [.. blocks.Where(block => block.Contains("\"guest\"", StringComparison.Ordinal))];
        string[] hosts = [.. blocks.Except(guests)];
        Assert.Equal((2, 1), (guests.Length, hosts.Length));
        Assert.All(guests, block => Assert.Equal("", Errors.Of(block)));
        Assert.All(hosts, block => Assert.Equal("", Errors.OfHost(block)));
    }

    [Fact]
    public void The_block_with_the_hosts_settings_shows_every_default()
    {
        string block = Block().Matches(Page()).Select(match => match.Groups[1].Value).Last();
        var shown = HostFileReader.Parse("host.json", Encoding.UTF8.GetBytes(block)).Settings!;
        var defaults = HostFileReader.Parse("host.json", "{}"u8.ToArray()).Settings!;
        Assert.Equal((defaults.RuntimeFolder, defaults.Log, defaults.Limits), (shown.RuntimeFolder, shown.Log, shown.Limits));
    }

    private static string Page() => File.ReadAllText($"{Root}/docs/guest-file.md");

    [GeneratedRegex("^```json\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    /// <summary>The folder of the solution, found upwards from the built tests.</summary>
    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists($"{folder}/XenDmHost.sln"))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests do not lie below the solution");
        }

        return folder;
    }
}
