using System.Numerics;
using CsCheck;
using XenDmHost.Host.GuestMemory;

// Not UnitTests.GuestMemory: tests of the simulation mean a type by that name.
namespace XenDmHost.UnitTests.HostGuestMemory;

public sealed class RamMapTests
{
    private static readonly (ulong Address, ulong Size)[] Banks = [(0x4000_0000, 0x1000_0000), (0x2_0000_0000, 0x8000_0000)];

    [Theory]
    [InlineData(0x4000_0000, 1, true)]
    [InlineData(0x4000_0000, 0x1000_0000, true)]
    [InlineData(0x4FFF_FFFF, 1, true)]
    [InlineData(0x4FFF_FFFF, 2, false)]
    [InlineData(0x5000_0000, 1, false)]
    [InlineData(0x3FFF_FFFF, 2, false)]
    [InlineData(0x2_7FFF_FFFF, 1, true)]
    [InlineData(0x2_8000_0000, 1, false)]
    [InlineData(0x4000_0000, 0, false)]
    [InlineData(0x4000_0000, ulong.MaxValue, false)]
    [InlineData(ulong.MaxValue, 1, false)]
    [InlineData(ulong.MaxValue, 0x4000_0001, false)]
    public void A_range_is_RAM_when_one_bank_holds_all_of_it(ulong address, ulong length, bool ram) =>
        Assert.Equal(ram, new RamMap(Banks).Contains(address, length));

    [Fact]
    public void Two_banks_side_by_side_are_not_one() =>
        Assert.False(new RamMap([(0x1000, 0x1000), (0x2000, 0x1000)]).Contains(0x1F00, 0x200));

    [Fact]
    public void Without_banks_nothing_is_RAM() => Assert.False(new RamMap([]).Contains(0, 1));

    [Fact]
    public void The_answer_is_that_of_arithmetic_without_limits() =>
        Gen.Select(Bank.Array[0, 4], Near, Near).Sample((banks, address, length) =>
        {
            bool expected = length > 0 && banks.Any(bank =>
                address >= bank.Address && (BigInteger)address + length <= (BigInteger)bank.Address + bank.Size);
            Assert.Equal(expected, new RamMap(banks).Contains(address, length));
        });

    // Numbers around 0, around a power of two and around the end of addresses, where sums wrap.
    private static Gen<ulong> Near => Gen.Select(
        Gen.OneOf<ulong>(0ul, 0x1000, 0x4000_0000, 1UL << 32, 1UL << 63, ulong.MaxValue), Gen.Int[-3, 3], (at, off) => at + (ulong)off);

    // A bank ends inside the address space.
    private static Gen<(ulong Address, ulong Size)> Bank => Gen.Select(
        Near, Near, (address, size) => (address, address == 0 ? size : Math.Min(size, 0 - address)));
}
