using Microsoft.Extensions.Logging.Abstractions;
using XenDmHost.Host.Guests;
using XenDmHost.Host.Plugins;

namespace XenDmHost.UnitTests.Guests;

public sealed class GuestFileSchemaTests
{
    [Fact]
    public void The_committed_schema_is_that_of_the_shipped_plugins()
    {
        string committed = Path.Combine(FindRoot(AppContext.BaseDirectory), "docs", "guest-file.schema.json");
        PluginRegistry plugins = new(PluginFolders.Default(), NullLogger<PluginRegistry>.Instance);
        string current = GuestFileSchema.Of(plugins);
        Assert.True(
            File.ReadAllText(committed) == current,
            "docs/guest-file.schema.json is old: dotnet run --project src/Host -- schema > docs/guest-file.schema.json");
    }

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "XenDmHost.sln")) ? folder : FindRoot(Path.GetDirectoryName(folder)!);
}
