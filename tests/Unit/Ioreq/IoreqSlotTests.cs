using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using XenDmHost.Host.Ioreq;

namespace XenDmHost.UnitTests.Ioreq;

/// <summary>struct ioreq of xen/hvm/ioreq.h.</summary>
public sealed class IoreqSlotTests
{
    [Fact]
    public void A_slot_has_32_bytes() => Assert.Equal(32, Unsafe.SizeOf<IoreqSlot>());

    [Theory]
    [InlineData(nameof(IoreqSlot.Address), 0)]
    [InlineData(nameof(IoreqSlot.Data), 8)]
    [InlineData(nameof(IoreqSlot.Count), 16)]
    [InlineData(nameof(IoreqSlot.ItemSize), 20)]
    [InlineData(nameof(IoreqSlot.VpEport), 24)]
    [InlineData(nameof(IoreqSlot.Flags), IoreqSlot.FlagsOffset)]
    [InlineData(nameof(IoreqSlot.Type), 31)]
    public void Each_field_is_where_the_header_has_it(string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf<IoreqSlot>(field));

    [Theory]
    [InlineData(0x01, false, false)]
    [InlineData(0x11, true, false)]
    [InlineData(0x21, false, true)]
    [InlineData(0x41, false, false)]
    [InlineData(0x7F, true, true)]
    public void The_flags_are_state_data_is_ptr_dir_and_df(byte flags, bool pointer, bool read)
    {
        IoreqSlot slot = new() { Flags = flags };
        Assert.Equal((pointer, read), (slot.DataIsPointer, slot.IsRead));
    }
}
