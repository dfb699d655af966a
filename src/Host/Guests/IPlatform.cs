using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.XenStore;

namespace XenDmHost.Host.Guests;

/// <summary>Where a guest runs: its hypervisor and its xenstore.</summary>
internal interface IPlatform
{
    /// <summary>What to do when the platform is not there, for the line that says so.</summary>
    string Advice { get; }

    /// <summary>Whether no toolstack makes device nodes here, so that the host attaches its devices itself unless the guest file says otherwise.</summary>
    bool AttachesByItself => false;

    /// <summary>Connects to xenstore.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    XenStoreClient ConnectStore(XenStoreClientOptions options);

    IHypervisor OpenHypervisor();
}
