namespace XenDmHost.IntegrationTests.XenStore;

/// <summary>Debian's command-line clients find no difference between the real store and the simulated one.</summary>
public sealed class DebianToolsTests : IDisposable
{
    private readonly SimulatedXenStore _simulated = new();

    public void Dispose() => _simulated.Dispose();

    [Fact]
    public void The_same_commands_print_the_same_with_both_stores()
    {
        using DebianXenStore real = new();
        string fromReal = RunScript(real);
        Assert.Contains("(n0,r5)", fromReal, StringComparison.Ordinal);
        Assert.Equal(fromReal, RunScript(_simulated));
    }

    [Fact]
    public void The_simulated_stores_socket_is_found_by_its_own_path()
    {
        Run(_simulated, "xenstore-write", "/tools/a", "by path");
        Assert.Equal("by path", _simulated.Server.Read("/tools/a"));
    }

    [Fact]
    public void Xenstore_watch_sees_what_the_toolstack_writes()
    {
        using OwnedProcess watch = OwnedProcess.Start(DebianPackages.Tool("xenstore-watch"), ["-n", "2", "/tools"], Environment(_simulated));
        Assert.Equal("/tools", watch.ReadLine());
        _simulated.Server.Write("/tools/watched", "");
        Assert.Equal("/tools/watched", watch.ReadLine());
    }

    private static (string Name, string Value) Environment(IXenStore store) => ("XENSTORED_PATH", store.SocketPath);

    private static string Run(IXenStore store, string tool, params string[] arguments)
    {
        (int exitCode, string output, string errors) = OwnedProcess.TryRun(DebianPackages.Tool(tool), arguments, Environment(store));
        return $"{tool} {string.Join(' ', arguments)}: {exitCode}\n{output}{errors}\n";
    }

    private static string RunScript(IXenStore store) => string.Concat(
        Run(store, "xenstore-write", "/s/a", "1", "/s/b", "2", "/s/c/d", "with \"quotes\" and \t tab"),
        Run(store, "xenstore-read", "/s/a", "/s/b"),
        Run(store, "xenstore-read", "/s/none"),
        Run(store, "xenstore-chmod", "/s/b", "n0", "r5"),
        Run(store, "xenstore-chmod", "-r", "/s/c", "r0", "b7"),
        Run(store, "xenstore-ls", "-p", "/s"),
        Run(store, "xenstore-ls", "-f", "/s"),
        Run(store, "xenstore-list", "/s"),
        Run(store, "xenstore-list", "-p", "/s"),
        Run(store, "xenstore-exists", "/s/c"),
        Run(store, "xenstore-rm", "/s/c"),
        Run(store, "xenstore-exists", "/s/c"),
        Run(store, "xenstore-rm", "-t", "/s/a"),
        Run(store, "xenstore-rm", "/none/at/all"),
        Run(store, "xenstore-write", "bad//path", ""),
        Run(store, "xenstore-ls", "/s"));
}
