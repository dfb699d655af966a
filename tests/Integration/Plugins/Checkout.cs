namespace XenDmHost.IntegrationTests.Plugins;

/// <summary>Where this repository and its build lie.</summary>
internal static class Checkout
{
    /// <summary>The repository's folder.</summary>
    internal static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>The configuration that this test was built in: the last part of artifacts/bin/project/debug.</summary>
    internal static string Configuration { get; } =
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)) == "release" ? "Release" : "Debug";

    internal static string PathOf(params string[] names) => Path.Combine([Root, .. names]);

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "XenDmHost.sln"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("no XenDmHost.sln above the tests"));
}
