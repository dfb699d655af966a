using XenDmHost.Host.Guests;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Native;

namespace XenDmHost.UnitTests.Guests;

/// <summary>What of a back-end's regions changes, and whether anything that stays is touched by it.</summary>
public sealed class MemoryChangeTests : IDisposable
{
    private readonly FileDescriptor _ram = Memfd.CreateSealed("ram", 0x1000);

    public void Dispose() => _ram.Dispose();

    [Theory]
    [InlineData("1+2", "1+2", "", "", false)]
    [InlineData("1+2", "1+2 5+1", "", "5+1", false)]
    [InlineData("1+2 5+1", "1+2", "5+1", "", false)]
    [InlineData("1+2 5+1", "1+2 8+1", "5+1", "8+1", false)]
    [InlineData("1+2", "1+3", "1+2", "1+3", true)]
    [InlineData("1+4 9+1", "1+1 3+2 9+1", "1+4", "1+1 3+2", true)]
    public void Regions_that_are_the_same_stay(string told, string found, string removed, string added, bool interrupts)
    {
        MemoryChange change = MemoryChange.Between(Read(told), Read(found));
        Assert.Equal((removed, added), (Text(change.Removed), Text(change.Added)));
        Assert.Equal(interrupts, change.Interrupts);
        Assert.Equal(told == found, change.IsNone);
    }

    [Theory]
    [InlineData(0x4fff, 1, false)]
    [InlineData(0x4fff, 2, true)]
    [InlineData(0x5fff, 1, true)]
    [InlineData(0x6000, 1, false)]
    public void A_ring_goes_with_its_region(ulong start, ulong size, bool takes) =>
        Assert.Equal(takes, MemoryChange.Between(Read("1+2 5+1"), Read("1+2")).Takes(start, size));

    /// <summary>"1+2 5+1": two pages from page 1 on, one page from page 5 on.</summary>
    private RamBank[] Read(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Split('+').Select(number => ulong.Parse(number, System.Globalization.CultureInfo.InvariantCulture) * 0x1000).ToArray())
        .Select(range => new RamBank(range[0], range[1], _ram, 0, RamKind.Foreign))];

    private static string Text(IEnumerable<RamBank> banks) => string.Join(' ', banks.Select(bank => $"{bank.GuestAddress / 0x1000}+{bank.Size / 0x1000}"));
}
