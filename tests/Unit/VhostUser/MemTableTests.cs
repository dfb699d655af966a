using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.UnitTests.VhostUser;

public sealed class MemTableTests : IDisposable
{
    private const ulong Page = 4096;

    private readonly FileDescriptor _memory = Memfd.CreateSealed("table", 4096);
    private readonly FakeBackEnd _backEnd = new() { ProtocolFeatures = 0x2a209 };

    public void Dispose()
    {
        _backEnd.Dispose();
        _memory.Dispose();
    }

    [Fact]
    public void No_region_is_no_table() => Refused("no region");

    [Fact]
    public void A_region_is_not_empty() => Refused("it is empty", Region(0, 0));

    [Fact]
    public void Regions_ascend() => Refused("not in ascending order", Region(2 * Page, Page), Region(0, Page));

    [Fact]
    public void Guest_addresses_do_not_overlap() => Refused("its guest addresses overlap region 0", Region(0, 2 * Page), Region(Page, Page));

    [Fact]
    public void User_addresses_do_not_overlap() =>
        Refused("its user addresses overlap region 0", Region(0, Page), Region(Page, Page) with { UserAddress = 0 });

    [Fact]
    public void Regions_may_touch()
    {
        _backEnd.Negotiated(xenMmap: true);
        Assert.True(_backEnd.FrontEnd.SetMemTable([Region(0, Page), Region(Page, Page)]).IsOk);
    }

    [Theory]
    [InlineData(ulong.MaxValue, 0, 0)]
    [InlineData(0, ulong.MaxValue, 0)]
    [InlineData(0, 0, ulong.MaxValue - 4095)]
    public void No_range_goes_beyond_64_bits(ulong guest, ulong user, ulong offset) =>
        Refused("beyond 64 bits", new MemoryRegion { GuestAddress = guest, UserAddress = user, MmapOffset = offset, Size = Page, Descriptor = _memory });

    [Theory]
    [InlineData(0x3)]
    [InlineData(0x4)]
    [InlineData(0x8)]
    [InlineData(0x9)]
    [InlineData(0x100)]
    [InlineData(0x102)]
    public void Flags_that_back_ends_refuse_are_not_sent(uint flags) =>
        Refused($"no back-end takes the flags 0x{flags:x}", Region(0, Page) with { XenMmapFlags = (XenMmapFlags)flags });

    [Theory]
    [InlineData(0, Page, Page)]
    [InlineData(1, Page, 0)]
    [InlineData(0, Page + 1, 0)]
    public void Xen_memory_is_mapped_in_whole_pages_from_offset_0(ulong address, ulong size, ulong offset) =>
        Refused("whole pages", Region(address, size) with { XenMmapFlags = XenMmapFlags.Foreign, MmapOffset = offset });

    [Fact]
    public void The_domain_is_one() =>
        Refused("32752 is no domain id", Region(0, Page) with { XenMmapFlags = XenMmapFlags.Foreign, Domid = 0x7ff0 });

    [Fact]
    public void Xen_memory_goes_to_back_ends_with_xen_mmap_alone()
    {
        _backEnd.ProtocolFeatures = 0x209;
        Refused("only a back-end with XEN_MMAP", Region(0, Page) with { XenMmapFlags = XenMmapFlags.Foreign });
    }

    [Fact]
    public void The_tenth_region_travels_alone_where_the_back_end_has_slots()
    {
        _backEnd.Negotiated(xenMmap: true);
        Assert.True(_backEnd.FrontEnd.SetMemTable(Many(10)).IsOk);
        Assert.Equal(["SET_MEM_TABLE", "ADD_MEM_REG", "ADD_MEM_REG"], _backEnd.Names);
        Assert.Equal(8, _backEnd.Last(FrontEndRequest.SetMemTable).Descriptors.Count);
        Assert.Equal(0x9000u, _backEnd.Messages[2].U32(20));
    }

    [Fact]
    public void Without_slots_more_than_8_regions_are_too_many()
    {
        _backEnd.ProtocolFeatures = 0x20209;
        Refused("9 regions, and this back-end takes 8", Many(9));
    }

    [Fact]
    public void The_host_may_know_that_a_back_end_takes_32()
    {
        using FakeBackEnd backEnd = new(new VhostUserLimits { RegionsPerTable = 32 }) { ProtocolFeatures = 0x20209 };
        backEnd.Negotiated(xenMmap: true);
        Assert.True(backEnd.FrontEnd.SetMemTable(Many(32)).IsOk);
        Assert.Equal(32, Assert.Single(backEnd.Messages).Descriptors.Count);
    }

    private void Refused(string why, params MemoryRegion[] regions)
    {
        _backEnd.Negotiated(xenMmap: true);
        VhostUserResult result = _backEnd.FrontEnd.SetMemTable(regions);
        Assert.Equal(VhostUserFailure.Refused, result.Failure);
        Assert.Contains(why, result.ToString(), StringComparison.Ordinal);
        Assert.Empty(_backEnd.Messages);
    }

    private MemoryRegion[] Many(int count) => [.. Enumerable.Range(0, count).Select(index => Region((ulong)index * Page, Page))];

    private MemoryRegion Region(ulong address, ulong size) =>
        new() { GuestAddress = address, UserAddress = address, Size = size, Descriptor = _memory };
}
