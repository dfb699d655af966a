namespace XenDmHost.ArchitectureTests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = ["artifacts", "bin", "obj", "TestResults"];

    /// <summary>The folder with XenDmHost.sln.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>Every file of the project, without what a build makes and without version control's own.</summary>
    internal static IEnumerable<string> Files(string folder, string pattern) => FilesIn(Path.Combine(Root, folder), pattern);

    /// <summary>C# files below folders.</summary>
    internal static IReadOnlyList<SourceFile> Sources(params string[] folders) =>
        [.. folders.SelectMany(folder => Files(folder, "*.cs")).Select(SourceFile.Read)];

    internal static string RelativePath(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static IEnumerable<string> FilesIn(string folder, string pattern)
    {
        IEnumerable<string> below = Directory.EnumerateDirectories(folder)
            .Where(sub => Path.GetFileName(sub) is var name && !NotOurs.Contains(name) && (name[0] != '.' || name == ".ci"))
            .SelectMany(sub => FilesIn(sub, pattern));
        return Directory.EnumerateFiles(folder, pattern).Where(file => Path.GetFileName(file) != ".git").Concat(below);
    }

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "XenDmHost.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"no XenDmHost.sln above {AppContext.BaseDirectory}");
    }
}
