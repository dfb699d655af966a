using System.Runtime.InteropServices;

namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>The hypervisor of this machine, by the stable interfaces of its devices: no library of Xen's, no domctl.</summary>
/// <param name="banks">Where guests have RAM; null for the layout that libxl gives them.</param>
internal sealed class XenHypervisor(IReadOnlyList<RamRange>? banks = null) : IHypervisor
{
    public IDomain OpenDomain(uint domid, GuestMemorySize memory) =>
        XenDomain.Open(domid, RamLayout.For(RuntimeInformation.ProcessArchitecture), memory, banks);

    public void Dispose()
    {
    }
}
