using System.Runtime.InteropServices;
using XenDmHost.Host.Config;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Hypervisor.Xen;
using XenDmHost.Host.XenStore;
using XenDmHost.Host.XenStore.Transport;

namespace XenDmHost.Host.Guests;

/// <summary>The hypervisor of this machine and its xenstored.</summary>
/// <param name="banks">Where the guest has RAM; null for the layout that libxl gives it.</param>
internal sealed class XenPlatform(IReadOnlyList<GuestBank>? banks) : IPlatform
{
    public string Advice => "run the host in dom0 under Xen, with xenstored running (systemctl start xenstored)";

    /// <summary>Xen's toolstack makes usable nodes for Arm guests alone: on x86 it knows neither address nor interrupt.</summary>
    public bool AttachesByItself => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    public XenStoreClient ConnectStore(XenStoreClientOptions options) => StoreLocation.OfThisDomain.Connect(options);

    public IHypervisor OpenHypervisor() => new XenHypervisor(banks?.Select(bank => new RamRange(bank.Address, bank.Size)).ToList());
}
