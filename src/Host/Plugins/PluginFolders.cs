namespace XenDmHost.Host.Plugins;

/// <summary>Where plugins lie when the configuration does not say it.</summary>
internal static class PluginFolders
{
    private const string Installed = "/usr/lib/xendmhost/plugins";

    /// <summary>The default for this program.</summary>
    internal static IReadOnlyList<string> Default() => [Default(AppContext.BaseDirectory)];

    /// <summary>
    /// <c>plugins</c> beside the program; else, in a checkout, <c>artifacts/plugins</c>, where the build puts them; else the
    /// installed ones.
    /// </summary>
    /// <param name="programFolder">The folder of the program, such as artifacts/bin/XenDmHost.Host/debug.</param>
    internal static string Default(string programFolder)
    {
        string beside = Path.Combine(programFolder, "plugins");
        string inCheckout = Path.GetFullPath(Path.Combine(programFolder, "..", "..", "..", "plugins"));
        bool isCheckout = Path.GetFileName(Path.GetDirectoryName(inCheckout)) == "artifacts";
        if (Directory.Exists(beside))
        {
            return beside;
        }

        return isCheckout && Directory.Exists(inCheckout) ? inCheckout : Installed;
    }
}
