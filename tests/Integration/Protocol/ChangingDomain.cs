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
    private int _looks;
    private int _looking;
    private int _endlessFrom;

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

    /// <summary>The look, counted from here on, that goes on for as long as its caller lets it, as do those after it; 0 for none any more.</summary>
    internal int EndlessFrom
    {
        set
        {
            Volatile.Write(ref _looks, 0);
            Volatile.Write(ref _endlessFrom, value);
        }
    }

    /// <summary>Whether somebody is in a look that does not end.</summary>
    internal bool IsLooking => Volatile.Read(ref _looking) > 0;

    public IReadOnlyList<RamBank>? FindPopulatedRam(Func<bool> isOver)
    {
        int look = Interlocked.Increment(ref _looks);
        if (EndsByItself(look))
        {
            return _banks;
        }

        bool isLeft = false;
        Volatile.Write(ref _looking, 1);
        SpinWait.SpinUntil(() => (isLeft = isOver()) || EndsByItself(look));
        Volatile.Write(ref _looking, 0);
        return isLeft ? null : _banks;
    }

    private bool EndsByItself(int look) => Volatile.Read(ref _endlessFrom) is var from && (from == 0 || look < from);

    public Mapping? TryMapPage(ulong guestAddress) =>
        Mapping.Shared(_ram, (long)((guestAddress - TestGuest.Base) & ~0xfffUL), 0x1000, writable: false, "guest page");

    public IIoreqServer OpenIoreqServer(IServerNote note) => throw new NotSupportedException();

    public IEventChannels OpenEventChannels() => throw new NotSupportedException();

    public IInterruptLine OpenInterrupt(uint irq) => throw new NotSupportedException();

    public IInterruptLine OpenEventChannelInterrupt(uint guestPort) => throw new NotSupportedException();

    public void Dispose() => _ram.Dispose();
}
