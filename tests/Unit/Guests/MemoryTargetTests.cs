using XenDmHost.Host.Guests;
using XenDmHost.Host.Hypervisor;

namespace XenDmHost.UnitTests.Guests;

/// <summary>When a guest is to be whole again: a back-end may lose its memory for that, so only when it is.</summary>
public sealed class MemoryTargetTests
{
    [Theory]
    [InlineData(100UL, 100UL, true)]
    [InlineData(100UL, 101UL, true)]
    [InlineData(100UL, 99UL, false)]
    [InlineData(null, 100UL, false)]
    [InlineData(100UL, null, false)]
    [InlineData(null, null, false)]
    public void A_guest_is_whole_whose_target_is_all_that_it_can_have(ulong? max, ulong? target, bool whole) =>
        Assert.Equal(whole, new GuestMemorySize(max, target).IsWhole);

    [Theory]
    [InlineData("100", ".")]
    [InlineData("100 100", "..")]
    [InlineData("60 100", ".x")]
    [InlineData("60 80 100 100", "..x.")]
    [InlineData("100 60 100", "..x")]
    [InlineData("60 - 100", "..x")]
    [InlineData("100 - 100", "...")]
    public void It_is_made_whole_when_its_target_rises_to_that_and_never_because_it_is_read_again(string targets, string raised)
    {
        MemoryTarget target = new();
        Assert.Equal(raised, string.Concat(targets.Split(' ').Select(
            kib => target.IsRaisedToWhole(new GuestMemorySize(100, kib == "-" ? null : ulong.Parse(kib, System.Globalization.CultureInfo.InvariantCulture))) ? 'x' : '.')));
    }
}
