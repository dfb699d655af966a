namespace XenDmHost.IntegrationTests.XenStore;

/// <summary>Programs of Debian that the tests compare with. One that is missing fails the test, and says what to install.</summary>
internal static class DebianPackages
{
    private const string Install = "apt-get install --no-install-recommends xen-utils-4.17 xenstore-utils gcc libc6-dev";

    /// <summary>xenstored, the daemon written in C.</summary>
    internal static string Xenstored => Present(Directory.Exists("/usr/lib")
        ? Directory.GetDirectories("/usr/lib", "xen-*").Select(folder => Path.Combine(folder, "bin/xenstored")).FirstOrDefault(File.Exists)
        : null, "xenstored");

    internal static string Tool(string name) => Present(
        new[] { "/usr/bin", "/usr/sbin", "/bin" }.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists), name);

    private static string Present(string? path, string name)
    {
        if (path is null) Assert.Fail($"{name} is not installed: {Install}");
        return path;
    }
}
