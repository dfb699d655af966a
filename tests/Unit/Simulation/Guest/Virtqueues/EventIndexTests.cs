using CsCheck;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.UnitTests.Simulation.Guest.Virtqueues;

public sealed class EventIndexTests
{
    [Theory]
    [InlineData(0, 1, 0, true)]
    [InlineData(1, 1, 0, false)]
    [InlineData(3, 5, 2, true)]
    [InlineData(5, 5, 2, false)]
    [InlineData(0xffff, 0, 0xffff, true)]
    [InlineData(0xfffe, 1, 0xfffd, true)]
    [InlineData(0xfffe, 1, 0xffff, false)]
    [InlineData(7, 7, 7, false)]
    public void A_notification_is_due_when_the_awaited_index_is_passed(ushort awaited, ushort after, ushort before, bool due) =>
        Assert.Equal(due, EventIndex.MustNotify(awaited, after, before));

    /// <summary>The definition by counting: one of the entries before, before + 1, … after - 1 is the awaited one.</summary>
    [Fact]
    public void It_equals_counting_through_the_entries() =>
        Gen.Select(Gen.UShort, Gen.UShort, Gen.Int[0, 2000]).Sample((awaited, before, count) =>
        {
            var after = (ushort)(before + count);
            var counted = Enumerable.Range(0, count).Any(i => (ushort)(before + i) == awaited);
            return EventIndex.MustNotify(awaited, after, before) == counted;
        });
}
