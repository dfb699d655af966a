namespace XenDmHost.LayoutTests;

/// <summary>The checkout that the tests were built from, found from where they run: a build may map source paths away.</summary>
internal static class Checkout
{
    /// <summary>The folder with XenDmHost.sln.</summary>
    internal static string Root { get; } = FindRoot();

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
