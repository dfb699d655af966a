using System.Text.RegularExpressions;

namespace XenDmHost.ArchitectureTests;

/// <summary>Rules that can be read off the sources.</summary>
public sealed partial class SourceRuleTests
{
    private const int MostLines = 400;
    private static readonly IReadOnlyList<SourceFile> Product = Repository.Sources("src", "plugins");

    [Fact]
    public void The_scan_sees_the_sources() => Assert.True(Product.Count > 200, $"{Product.Count} files found below {Repository.Root}");

    [Fact]
    public void Unsafe_code_and_foreign_functions_are_in_Native_folders_alone() =>
        Empty(Product.Where(file => !file.Path.Contains("/Native/")).SelectMany(file => Find(file, UnsafeCode(), SourceKind.Code)));

    [Fact]
    public void The_host_names_no_device_and_no_message_of_one() =>
        Empty(Repository.Sources("src/Host").SelectMany(file => Find(file, DeviceWord(), SourceKind.Code, SourceKind.Literal)));

    [Fact]
    public void No_identifier_is_a_bare_frontend_or_backend() =>
        Empty(Product.SelectMany(file => Find(file, BareWord(), SourceKind.Code)));

    [Fact]
    public void Literals_say_frontend_and_backend_only_as_nodes_of_xenstore() =>
        Empty(Product.SelectMany(file => file.Of(SourceKind.Literal)
            .Where(part => part.Text is not ("frontend" or "backend"))
            .SelectMany(part => Matches(file, part, BareWordOutsidePath()))));

    [Fact]
    public void Comments_say_frontend_and_backend_only_as_nodes_of_xenstore() =>
        Empty(Product.SelectMany(file => Find(file, BareWordOutsidePath(), SourceKind.Comment)));

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        Empty(Repository.Sources("src", "plugins", "tests")
            .Where(file => file.LineCount > MostLines)
            .Select(file => $"{file.Path}: {file.LineCount} lines"));

    [Fact]
    public void Namespaces_follow_folders() =>
        Empty(Product.Where(file => NamespaceOf(file) is { } actual && actual != ExpectedNamespace(file.Path))
            .Select(file => $"{file.Path}: {NamespaceOf(file)} instead of {ExpectedNamespace(file.Path)}"));

    [Fact]
    public void The_project_names_no_path_of_one_machine_and_no_package_mirror() =>
        Empty(Repository.Files("", "*").SelectMany(file =>
            Place().Matches(File.ReadAllText(file)).Select(match => $"{Repository.RelativePath(file)}: {match.Value}")));

    private static void Empty(IEnumerable<string> violations)
    {
        string[] found = [.. violations];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    private static IEnumerable<string> Find(SourceFile file, Regex pattern, params SourceKind[] kinds) =>
        file.Of(kinds).SelectMany(part => Matches(file, part, pattern));

    private static IEnumerable<string> Matches(SourceFile file, SourcePart part, Regex pattern) =>
        pattern.Matches(part.Text).Select(match => file.At(part.LineOf(match.Index), match.Value));

    private static string ExpectedNamespace(string path)
    {
        // src/Host/Cli/Demo/X.cs is XenDmHost.Host.Cli.Demo, plugins/Snd/X.cs is XenDmHost.Plugins.Snd. The contract has
        // one namespace, because a plugin author should need one using.
        string[] folders = path.StartsWith("src/Abstractions/", StringComparison.Ordinal) ? ["src", "Abstractions"] : path.Split('/')[..^1];
        folders[0] = folders[0] == "plugins" ? "Plugins" : "";
        return string.Join('.', folders.Where(folder => folder.Length > 0).Prepend("XenDmHost"));
    }

    private static string? NamespaceOf(SourceFile file) => file.Of(SourceKind.Code)
        .Select(part => NamespaceLine().Match(part.Text))
        .FirstOrDefault(match => match.Success)?.Groups[1].Value;

    [GeneratedRegex(@"\bunsafe\b|\bDllImport\b|\bLibraryImport\b|\bTmds\.(Linux|LibC)\b")]
    private static partial Regex UnsafeCode();

    // The parts of compound names too: GpuSetSocket, snd_pcm. Not "console", "input", "block": they mean other things too.
    [GeneratedRegex(
        @"(?<![A-Za-z])(?i:gpu|snd|sound|scmi|blk|pcm|vsock|virtiofs|virgl|scanout|edid|gpio|i2c|rng)(?![a-z])|(?<=[a-z])(Gpu|Snd|Sound|Scmi|Blk|Pcm|Vsock|Scanout|Edid)(?![a-z])|virtio-(?!mmio\b|user\b)[a-z]+|VIRTIO_ID_")]
    private static partial Regex DeviceWord();

    [GeneratedRegex(@"\b[Ff]rontend\b|\b[Bb]ackend\b")]
    private static partial Regex BareWord();

    // Nodes and paths of xenstore: backend/virtio, device/…/backend, frontend-id, <c>backend</c>, `backend`, "backend".
    [GeneratedRegex(@"(?<![/`""'>])\b([Ff]rontend|[Bb]ackend)\b(?![/`""'<-])")]
    private static partial Regex BareWordOutsidePath();

    [GeneratedRegex(@"^\s*namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    // Written so that this file does not match itself.
    [GeneratedRegex(@"(?<![\w.}>~-])/(work|root|home|github|builds)/[\w.]+|//[\w.-]*(artifactory|jfrog|nexus|mirror|proxy)[\w.-]*|//[\w.-]+\.(internal|corp|lan|local)\b")]
    private static partial Regex Place();
}
