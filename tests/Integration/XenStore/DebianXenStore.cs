namespace XenDmHost.IntegrationTests.XenStore;

/// <summary>
/// Debian's xenstored. A small library, compiled here, stands in for the hypervisor that it asks now and then; all
/// that a client sees is the real daemon.
/// </summary>
public sealed class DebianXenStore : IXenStore
{
    private readonly DirectoryInfo _folder;
    private readonly string _shim;
    private OwnedProcess _daemon;

    public DebianXenStore()
    {
        string program = DebianPackages.Xenstored;
        string compiler = DebianPackages.Tool("gcc");
        _folder = Directory.CreateTempSubdirectory("xenstored-");
        _shim = Path.Combine(_folder.FullName, "shim.so");
        OwnedProcess.Run(compiler, ["-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", _shim, ShimSource]);
        _daemon = Start(program);
    }

    public string SocketPath => Path.Combine(_folder.FullName, "socket");

    private static string ShimSource => Path.Combine(RepositoryFolder, "tests/Integration/XenStore/xenstored-shim.c");

    private static string RepositoryFolder
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "XenDmHost.sln"))) folder = folder.Parent;
            return folder?.FullName ?? throw new InvalidOperationException("the tests do not run within the repository");
        }
    }

    public void Restart()
    {
        _daemon.Dispose();
        File.Delete(SocketPath);
        _daemon = Start(DebianPackages.Xenstored);
    }

    public void Dispose()
    {
        _daemon.Dispose();
        _folder.Delete(recursive: true);
    }

    private OwnedProcess Start(string program)
    {
        OwnedProcess daemon = OwnedProcess.Start(
            program,
            ["--no-fork", "--internal-db=on", "--output-pid"],
            ("LD_PRELOAD", _shim),
            ("XENSTORED_RUNDIR", _folder.FullName));

        // It says its pid when it listens already.
        daemon.ReadLine();
        return daemon;
    }
}
