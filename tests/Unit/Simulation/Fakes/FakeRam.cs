using XenDmHost.Simulation.Hypervisor;
using XenDmHost.Simulation.Native;

namespace XenDmHost.UnitTests.Simulation.Fakes;

/// <summary>Guest RAM as a host sees it: by guest-physical address.</summary>
internal sealed class FakeRam(List<(MemoryBank Bank, Mapping Map)> banks)
{
    internal Span<byte> Slice(ulong address, int length)
    {
        var (bank, map) = banks.First(b => address >= b.Bank.GuestAddress && address < b.Bank.GuestAddress + b.Bank.Size);
        return map.Slice((long)(address - bank.GuestAddress), length);
    }
}
