using System.Collections;
using XenDmHost.Simulation.Hypervisor;

namespace XenDmHost.Simulation.Guest;

/// <summary>Which pages of one RAM bank are in use. First fit: a guest of ours makes few and large allocations.</summary>
internal sealed class BankPages(MemoryBank bank)
{
    private readonly BitArray _used = new((int)(bank.Size / GuestMemory.PageSize));

    internal bool TryTake(int pages, out ulong address)
    {
        address = 0;
        var run = 0;
        for (var page = 0; page < _used.Length; page++)
        {
            run = _used[page] ? 0 : run + 1;
            if (run == pages)
            {
                var first = page - pages + 1;
                Mark(first, pages, used: true);
                address = bank.GuestAddress + ((ulong)first * GuestMemory.PageSize);
                return true;
            }
        }

        return false;
    }

    internal void Return(ulong address, int pages) =>
        Mark((int)((address - bank.GuestAddress) / GuestMemory.PageSize), pages, used: false);

    internal ulong FileOffset(ulong address) => address - bank.GuestAddress + bank.FileOffset;

    private void Mark(int first, int pages, bool used)
    {
        for (var page = first; page < first + pages; page++)
        {
            _used[page] = used;
        }
    }
}
