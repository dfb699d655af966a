using XenDmHost.Simulation.Hypervisor;
using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Guest;

/// <summary>
/// The guest's own view of its RAM: pages are handed out from alternating banks, so that a device with more than one
/// buffer meets all of them.
/// </summary>
internal sealed class GuestMemory : IDisposable
{
    internal const int PageSize = 4096;

    private readonly Mapping _ram;
    private readonly BankPages[] _banks;
    private readonly Lock _gate = new();
    private int _nextBank;

    internal GuestMemory(GuestDomain domain)
    {
        _ram = Mapping.Map(domain.Ram, 0, domain.Banks.Sum(bank => (long)bank.Size), writable: true);
        _banks = [.. domain.Banks.Select(bank => new BankPages(bank))];
    }

    /// <summary>Zeroed, page-aligned and guest-physically contiguous memory; disposing it gives the pages back.</summary>
    internal DmaBuffer Allocate(int bytes)
    {
        var pages = Math.Max(1, (bytes + PageSize - 1) / PageSize);
        lock (_gate)
        {
            for (var attempt = 0; attempt < _banks.Length; attempt++)
            {
                var bank = _banks[_nextBank++ % _banks.Length];
                if (bank.TryTake(pages, out var address))
                {
                    return Buffer(bank, address, pages);
                }
            }
        }

        throw new InvalidOperationException($"the guest has no {pages} contiguous free pages: give it more --memory");
    }

    public void Dispose() => _ram.Dispose();

    private DmaBuffer Buffer(BankPages bank, ulong address, int pages)
    {
        var offset = (long)bank.FileOffset(address);
        _ram.Slice(offset, pages * PageSize).Clear();
        return new DmaBuffer(_ram, address, offset, pages * PageSize, () => Return(bank, address, pages));
    }

    private void Return(BankPages bank, ulong address, int pages)
    {
        lock (_gate)
        {
            bank.Return(address, pages);
        }
    }
}
