using System.Xml.Linq;

namespace XenDmHost.ArchitectureTests;

/// <summary>Who refers to whom, as assemblies and as projects.</summary>
public sealed class ReferenceTests
{
    private static readonly string[] Contract =
    [
        "XenDmHost.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Configuration.Abstractions",
    ];

    private static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "plugins")).Select(folder => Path.GetFileName(folder)!).Order()];

    public static TheoryData<string> Plugins => [.. Names];

    [Fact]
    public void The_four_plugins_are_found() => Assert.Equal(["Generic", "Gpu", "Scmi", "Snd"], Names);

    [Theory]
    [MemberData(nameof(Plugins))]
    public void A_plugin_refers_to_the_contract_alone(string plugin)
    {
        string[] versions = Directory.GetFiles(
            Path.Combine(Repository.Root, "artifacts", "plugins", plugin.ToLowerInvariant()), $"{plugin}.dll", SearchOption.AllDirectories);
        Assert.NotEmpty(versions);
        Assert.Empty(versions.SelectMany(AssemblyReferences.Of).Where(name => !AssemblyReferences.IsSystem(name)).Except(Contract));
    }

    [Theory]
    [MemberData(nameof(Plugins))]
    public void A_plugins_project_names_the_contract_alone(string plugin)
    {
        string project = Assert.Single(Directory.GetFiles(Path.Combine(Repository.Root, "plugins", plugin), "*.csproj"));
        IEnumerable<string> files = Directory.GetFiles(Path.Combine(Repository.Root, "plugins"), "Directory.Build.*").Append(project);
        Assert.Empty(files.SelectMany(ReferencesOf).Except(Contract));
    }

    [Theory]
    [MemberData(nameof(Plugins))]
    public void A_plugins_folder_holds_no_copy_of_the_contract(string plugin)
    {
        string folder = Path.Combine(Repository.Root, "artifacts", "plugins", plugin.ToLowerInvariant());
        Assert.Empty(Directory.EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file)!).Intersect(Contract));
    }

    [Fact]
    public void The_host_refers_to_no_plugin_and_not_to_the_simulation() =>
        Assert.Equal(["XenDmHost.Abstractions"], Ours(AssemblyReferences.Of(Beside("xendmhost.dll"))));

    [Fact]
    public void The_host_needs_no_libssl() => Assert.DoesNotContain("System.Security.Cryptography", AssemblyReferences.Of(Beside("xendmhost.dll")));

    [Fact]
    public void The_contract_refers_to_nothing_of_ours() => Assert.Empty(Ours(AssemblyReferences.Of(Beside("XenDmHost.Abstractions.dll"))));

    [Fact]
    public void The_simulation_shares_no_code_with_the_host() => Assert.Empty(Ours(AssemblyReferences.Of(Beside("xendmhost-sim.dll"))));

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private static IEnumerable<string> Ours(IEnumerable<string> names) => names.Where(name =>
        name.StartsWith("xendmhost", StringComparison.OrdinalIgnoreCase) || name is "Generic" or "Gpu" or "Scmi" or "Snd");

    /// <summary>The names of the projects and packages that a project needs at run time.</summary>
    private static IEnumerable<string> ReferencesOf(string projectFile) => XDocument.Load(projectFile)
        .Descendants()
        .Where(element => element.Name.LocalName is "ProjectReference" or "PackageReference" or "Reference"
            && (string?)element.Attribute("PrivateAssets") != "all" && element.Attribute("Include") is not null)
        .Select(element => (string)element.Attribute("Include")!)
        .Select(name => name.EndsWith(".csproj", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(name.Split('/')[^1]) : name);
}
