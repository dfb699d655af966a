using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Hypervisor.Simulated;
using XenDmHost.Host.XenStore;

namespace XenDmHost.Host.Guests;

/// <summary>A guest of the simulation that lives in a folder (docs/simulated-platform.md).</summary>
/// <param name="directory">The folder.</param>
internal sealed class SimulatedPlatform(string directory) : IPlatform
{
    public string Advice => $"start the simulation: xendmhost-sim guest --directory {directory}";

    public XenStoreClient ConnectStore(XenStoreClientOptions options) =>
        XenStoreClient.ConnectUnix(Path.Combine(directory, "xenstored.sock"), options);

    public IHypervisor OpenHypervisor() => new SimulatedHypervisor(directory);
}
