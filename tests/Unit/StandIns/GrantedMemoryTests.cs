using XenDmHost.Simulation.Hypervisor;
using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns.Memory;
using XenDmHost.UnitTests.Simulation.Fakes;

namespace XenDmHost.UnitTests.StandIns;

/// <summary>Regions of grants as a stand-in maps them: all at once (0x2), or page by page when they are touched (0xa).</summary>
public sealed class GrantedMemoryTests : IDisposable
{
    private const ulong Bit = 1UL << 63;
    private const int Page = 4096;
    private const XenMmapFlags AtOnce = XenMmapFlags.Grant, OnDemand = XenMmapFlags.Grant | XenMmapFlags.NoAdvanceMap;

    private readonly TestPlatform _platform = new();
    private readonly Mapping _ram;
    private readonly GuestMemory _memory;
    private readonly List<string> _faults = [];

    public GrantedMemoryTests()
    {
        _memory = new GuestMemory { CannotTouch = _faults.Add };
        _ram = Mapping.Map(_platform.Platform.Domain.Ram, 0, 16 * Page, writable: true);
        for (int page = 0; page < 16; page++)
        {
            _ram.Slice(page * Page, Page).Fill((byte)page);
        }
    }

    private GrantTable Grants => _platform.Platform.Domain.Grants;

    public void Dispose()
    {
        _memory.Dispose();
        _ram.Dispose();
        _platform.Dispose();
    }

    [Fact]
    public void Pages_of_a_region_that_is_mapped_at_once_lie_side_by_side_wherever_they_are_in_the_guest()
    {
        uint first = Grants.Add(5 * Page, 1, readOnly: false)!.Value;
        Grants.Add(2 * Page, 2, readOnly: false);
        Assert.Null(Tell(first, 3, AtOnce));
        Assert.True(_memory.TryFind(At(first), 3 * Page, out Mapping mapping, out long offset));
        Assert.Equal([5, 2, 3], new[] { 0, Page, 2 * Page }.Select(at => (int)mapping.ReadU8(offset + at)));
        mapping.WriteU8(offset + Page, 77);
        Assert.Equal(77, _ram.ReadU8(2 * Page));

        Assert.False(Grants.TryEnd(first, 3));
        Assert.Null(Tell(first + 8, 1, OnDemand));
        Assert.True(Grants.TryEnd(first, 3));
    }

    [Fact]
    public void A_region_that_is_mapped_at_once_must_be_granted_as_a_whole_and_for_writing()
    {
        uint first = Grants.Add(0, 2, readOnly: false)!.Value;
        Assert.Contains("EINVAL", Tell(first, 3, AtOnce), StringComparison.Ordinal);
        Assert.True(Grants.TryEnd(first, 2));
        uint forReading = Grants.Add(0, 1, readOnly: true)!.Value;
        Assert.Contains("EINVAL", Tell(forReading, 1, AtOnce), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_that_is_mapped_on_demand_is_held_from_the_touch_to_the_end_of_the_request()
    {
        uint first = Grants.Add(5 * Page, 2, readOnly: false)!.Value;
        Assert.Null(Tell(0, 1 << 20, OnDemand));
        Assert.True(_memory.Covers(At(first) + 100, Page));
        Assert.True(Grants.TryEnd(first + 1, 1));

        Span<byte> piece = _memory.Piece(At(first) + 100, 50, write: true);
        Assert.Equal((50, 5), (piece.Length, piece[0]));
        piece[0] = 99;
        Assert.Equal(99, _ram.ReadU8((5 * Page) + 100));
        Assert.False(Grants.TryEnd(first, 1));
        _memory.LetGo();
        Assert.True(Grants.TryEnd(first, 1));
        Assert.Empty(_faults);
    }

    [Fact]
    public void What_is_granted_for_reading_alone_can_be_read_and_not_written()
    {
        uint first = Grants.Add(6 * Page, 1, readOnly: true)!.Value;
        Assert.Null(Tell(0, 1 << 20, OnDemand));
        byte[] bytes = new byte[10];
        Assert.True(_memory.TryRead(At(first), bytes));
        Assert.All(bytes, value => Assert.Equal(6, value));
        Assert.Empty(_faults);
        Assert.True(_memory.Piece(At(first), 10, write: true).IsEmpty);
        Assert.Contains("cannot be mapped for writing: EINVAL", Assert.Single(_faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_that_nobody_granted_is_the_end_of_the_back_end()
    {
        Assert.Null(Tell(0, 1 << 20, OnDemand));
        Assert.False(_memory.TryRead(At(1000), new byte[8]));
        Assert.Contains("cannot be mapped for reading: EINVAL", Assert.Single(_faults), StringComparison.Ordinal);
    }

    private static ulong At(uint reference) => Bit | ((ulong)reference * Page);

    /// <summary>A table of one region; the reason when it is refused.</summary>
    private string? Tell(uint first, int pages, XenMmapFlags flags)
    {
        using UnixSocket device = UnixSocket.Connect(_platform.HypervisorSocket, UnixSocketKind.SeqPacket);
        HypercallRequest open = new() { Op = HypercallOp.OpenGrants, DomId = _platform.Options.DomId };
        byte[] packet = new byte[HypercallRequest.Size];
        System.Runtime.InteropServices.MemoryMarshal.Write(packet, in open);
        Assert.True(device.Send(packet));
        Assert.Equal(HypercallAnswer.Size, device.Receive(packet, []).Bytes);
        MemoryRegion region = new(At(first), (ulong)pages * Page, At(first), 0, flags, _platform.Options.DomId);
        Assert.Null(region.Check());
        return MappedRegion.TryMap(region, device.Fd, xen: true, out string? refusal) is { } mapped ? _memory.Replace([mapped]) : refusal;
    }
}
