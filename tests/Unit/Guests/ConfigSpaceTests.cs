using XenDmHost.Abstractions;
using XenDmHost.Host.Guests;

namespace XenDmHost.UnitTests.Guests;

/// <summary>What a guest's writes to the configuration space do, by the kind of the field.</summary>
public sealed class ConfigSpaceTests
{
    [Fact]
    public void The_back_ends_bytes_are_what_the_guest_reads()
    {
        ConfigSpace space = new(ConfigLayout.Of(4, ConfigLayout.Field("a", 0, 4)));

        space.ApplyBackEnd([1, 2, 3, 4]);

        Assert.Equal([1, 2, 3, 4], space.ToArray());
    }

    [Fact]
    public void What_the_plugin_decides_stays_whatever_the_back_end_answers()
    {
        ConfigSpace space = new(ConfigLayout.Of(4, ConfigLayout.Fixed("a", 0, 2, 0x1234), ConfigLayout.Field("b", 2, 2)));

        space.ApplyBackEnd([9, 9, 9, 9]);

        Assert.Equal([0x34, 0x12, 9, 9], space.ToArray());
    }

    [Fact]
    public void Bytes_between_fields_are_the_back_ends()
    {
        ConfigSpace space = new(ConfigLayout.Of(3, ConfigLayout.Field("a", 0, 1), ConfigLayout.Field("b", 2, 1)));

        space.ApplyBackEnd([1, 2, 3]);

        Assert.Equal([1, 2, 3], space.ToArray());
    }

    [Fact]
    public void A_read_only_field_is_not_writable() =>
        Assert.Empty(ConfigSpace.WritableFieldsOf(ConfigLayout.Of(4, ConfigLayout.Field("a", 0, 4))));

    [Fact]
    public void A_forwarded_write_goes_to_the_back_end_and_changes_nothing_by_itself()
    {
        ConfigSpace space = new(ConfigLayout.Of(4, ConfigLayout.Field("wce", 1, 1, ConfigFieldKind.Forwarded)));

        (int Offset, byte[] Bytes)? write = space.ApplyGuest(1, [7]);

        Assert.Equal(1, write!.Value.Offset);
        Assert.Equal([7], write.Value.Bytes);
        Assert.Equal([0, 0, 0, 0], space.ToArray());
    }

    [Fact]
    public void A_selector_sends_the_whole_space_from_offset_0()
    {
        ConfigSpace space = new(ConfigLayout.Of(4, ConfigLayout.Field("select", 0, 1, ConfigFieldKind.Selector), ConfigLayout.Field("data", 2, 2)));
        space.ApplyBackEnd([0, 0, 5, 6]);

        (int Offset, byte[] Bytes)? write = space.ApplyGuest(0, [3]);

        Assert.Equal(0, write!.Value.Offset);
        Assert.Equal([3, 0, 5, 6], write.Value.Bytes);
    }

    [Fact]
    public void A_kept_field_holds_what_the_guest_wrote_and_the_back_end_is_not_told()
    {
        ConfigSpace space = new(ConfigLayout.Of(4, ConfigLayout.Field("a", 0, 4, ConfigFieldKind.Kept)));

        Assert.Null(space.ApplyGuest(0, [1, 2, 3, 4]));
        space.ApplyBackEnd([9, 9, 9, 9]);

        Assert.Equal([1, 2, 3, 4], space.ToArray());
    }

    [Fact]
    public void Ones_clear_bits_in_the_target_and_read_back_as_zero()
    {
        ConfigField clear = ConfigLayout.Fixed("events_clear", 4, 4, 0, ConfigFieldKind.WriteOneToClear) with { Target = "events_read" };
        ConfigSpace space = new(ConfigLayout.Of(8, ConfigLayout.Fixed("events_read", 0, 4, 0x3), clear));

        Assert.Null(space.ApplyGuest(4, [1, 0, 0, 0]));

        Assert.Equal([2, 0, 0, 0, 0, 0, 0, 0], space.ToArray());
    }

    [Fact]
    public void A_part_of_a_field_clears_its_own_bits()
    {
        ConfigField clear = ConfigLayout.Fixed("clear", 4, 4, 0, ConfigFieldKind.WriteOneToClear) with { Target = "read" };
        ConfigSpace space = new(ConfigLayout.Of(8, ConfigLayout.Fixed("read", 0, 4, 0xFFFF), clear));

        space.ApplyGuest(5, [0x0F]);

        Assert.Equal(0xF0, space.ToArray()[1]);
    }

    [Fact]
    public void A_back_end_that_gives_nothing_changes_nothing()
    {
        ConfigSpace space = new(ConfigLayout.Of(2, ConfigLayout.Fixed("a", 0, 2, 1)));

        space.ApplyBackEnd(null);

        Assert.Equal([1, 0], space.ToArray());
    }

    [Fact]
    public void What_the_guest_wrote_under_an_earlier_host_is_what_a_new_back_end_does_not_know()
    {
        ConfigSpace space = new(ConfigLayout.Of(
            4,
            ConfigLayout.Field("size", 0, 1),
            ConfigLayout.Field("cache", 1, 1, ConfigFieldKind.Forwarded),
            ConfigLayout.Field("mode", 2, 1, ConfigFieldKind.Forwarded),
            ConfigLayout.Field("kept", 3, 1, ConfigFieldKind.Kept)));
        space.Restore([5, 0, 2, 7]);

        // The size is the back-end's own; the mode is what it says already.
        space.Compare([6, 1, 2, 0]);
        Assert.Equal([(1, (byte)0)], space.Forwarded.Select(write => (write.Offset, write.Bytes.Single())));
        space.ApplyBackEnd([6, 0, 2, 0]);
        Assert.Equal([6, 0, 2, 7], space.ToArray());

        // Later back-ends are told what was told before, and compared with nothing.
        space.Compare([6, 1, 1, 0]);
        Assert.Single(space.Forwarded);
    }
}
