using XenDmHost.Simulation.Store;

namespace XenDmHost.IntegrationTests.XenStore;

public sealed class SimulatedXenStore : IXenStore
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xenstore-");

    public SimulatedXenStore() => Server = new StoreServer(SocketPath);

    public string SocketPath => Path.Combine(_folder.FullName, "xenstored.sock");

    internal StoreServer Server { get; private set; }

    public void Restart()
    {
        Server.Dispose();
        Server = new StoreServer(SocketPath);
    }

    public void Dispose()
    {
        Server.Dispose();
        _folder.Delete(recursive: true);
    }
}
