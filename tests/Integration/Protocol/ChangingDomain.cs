using Microsoft.Win32.SafeHandles;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Native;
using XenDmHost.IntegrationTests.StandIns;

namespace XenDmHost.IntegrationTests.Protocol;

/// <summary>A guest whose pages come and go as a test says. Its RAM is a test guest's; it has nothing else.</summary>
internal sealed class ChangingDomain : IDomain
{
    private readonly FileDescriptor _ram;
    private volatile IReadOnlyList<RamBank> _banks = [];

    internal ChangingDomain(TestGuest guest)
    {
        // The test's own descriptor is of another type, so it is opened once more.
        SafeFileHandle ram = File.OpenHandle($"/proc/self/fd/{guest.Fd.Value}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        _ram = new FileDescriptor((int)ram.DangerousGetHandle());
        ram.SetHandleAsInvalid();
    }

    public uint Domid => 1;

    public int VcpuCount => 1;

    public IReadOnlyList<RamBank> RamBanks => _banks;

    /// <summary>What is there from now on: offsets in the test guest's RAM, and sizes.</summary>
    internal void Has(params (ulong Offset, ulong Size)[] ranges) =>
        _banks = [.. ranges.Select(range => new RamBank(TestGuest.Base + range.Offset, range.Size, _ram, range.Offset, RamKind.SharedFile))];

    public IReadOnlyList<RamBank> FindPopulatedRam() => _banks;

    public Mapping? TryMapPage(ulong guestAddress) =>
        Mapping.Shared(_ram, (long)((guestAddress - TestGuest.Base) & ~0xfffUL), 0x1000, writable: false, "guest page");

    public IIoreqServer OpenIoreqServer() => throw new NotSupportedException();

    public IEventChannels OpenEventChannels() => throw new NotSupportedException();

    public IInterruptLine OpenInterrupt(uint irq) => throw new NotSupportedException();

    public IInterruptLine OpenEventChannelInterrupt(uint guestPort) => throw new NotSupportedException();

    public void Dispose() => _ram.Dispose();
}
