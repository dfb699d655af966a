using XenDmHost.Host.XenStore;
using XenDmHost.Simulation.Store;
using XenDmHost.UnitTests.Config;

namespace XenDmHost.UnitTests.XenStore;

/// <summary>An empty store of the simulation for one test, and a client of it.</summary>
internal sealed class OwnStore : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoreServer _server;

    internal OwnStore()
    {
        string socket = Path.Combine(_folder.Path, "socket");
        _server = new StoreServer(socket);
        Client = XenStoreClient.ConnectUnix(socket);
    }

    internal XenStoreClient Client { get; }

    public void Dispose()
    {
        Client.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }
}
