using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Native;
using XenDmHost.Host.Native.Xen;

namespace XenDmHost.UnitTests.Guests;

/// <summary>A domain whose guest grants its memory: what a back-end would map it through is /dev/null here.</summary>
internal sealed class GrantingDomain : IDomain
{
    private readonly FileDescriptor _ram = Memfd.CreateSealed("ram", 4096);

    internal List<FileDescriptor> Opened { get; } = [];

    public uint Domid => 7;

    public int VcpuCount => 1;

    public IReadOnlyList<RamBank> RamBanks => [new RamBank(0x4000_0000, 0x100_0000, _ram, 0, RamKind.Foreign)];

    public bool HasGrants => true;

    public FileDescriptor OpenGrants()
    {
        Opened.Add(XenDevice.Open("/dev/null"));
        return Opened[^1];
    }

    public IReadOnlyList<RamBank> FindPopulatedRam(Func<bool> isOver) => RamBanks;

    public Mapping? TryMapPage(ulong guestAddress) => Mapping.Shared(_ram, 0, 4096, writable: false, "page");

    /// <summary>Where the guest's accesses arrive; null in tests that make none.</summary>
    internal IIoreqServer? Server { get; init; }

    internal IEventChannels? Channels { get; init; }

    public IIoreqServer OpenIoreqServer(IServerNote note) => Server ?? throw new NotSupportedException();

    public IEventChannels OpenEventChannels() => Channels ?? throw new NotSupportedException();

    public IInterruptLine OpenInterrupt(uint irq) => new KernelLine(routes: false);

    public IInterruptLine OpenEventChannelInterrupt(uint guestPort) => throw new NotSupportedException();

    public void Dispose() => _ram.Dispose();
}
