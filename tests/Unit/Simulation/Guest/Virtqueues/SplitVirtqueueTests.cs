using System.Buffers.Binary;
using XenDmHost.Simulation.Guest;
using XenDmHost.Simulation.Guest.Virtqueues;
using XenDmHost.Simulation.Hypervisor;

namespace XenDmHost.UnitTests.Simulation.Guest.Virtqueues;

/// <summary>The driver's side against a device played by the test, which writes the used ring by hand.</summary>
public sealed class SplitVirtqueueTests : IDisposable
{
    private const int Size = 8;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly GuestDomain _domain = new(7, 1, MemoryBank.Split(1 << 20, 1));
    private readonly GuestMemory _memory;
    private readonly List<int> _kicks = [];
    private readonly Fakes.FakeRam _ram;

    public SplitVirtqueueTests()
    {
        _memory = new GuestMemory(_domain);
        var mapping = XenDmHost.Simulation.Native.Mapping.Map(_domain.Ram, 0, 1 << 20, writable: true);
        _ram = new Fakes.FakeRam([(_domain.Banks[0], mapping)]);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _domain.Dispose();
    }

    [Fact]
    public void A_chain_reaches_the_device_in_order_with_its_flags()
    {
        using var queue = Queue();
        queue.Submit(Request(16, 1), Limit);

        Assert.Equal(1, U16(queue.Ring.DriverArea + 2));
        var head = U16(queue.Ring.DriverArea + 4);
        var first = Descriptor(queue, head);
        var second = Descriptor(queue, first.Next);
        Assert.Equal((0x1000UL, 16u, 1), (first.Address, first.Length, first.Flags));
        Assert.Equal((0x2000UL, 1u, 2), (second.Address, second.Length, second.Flags));
        Assert.Equal([0], _kicks);
    }

    [Fact]
    public void With_INDIRECT_DESC_one_descriptor_points_to_the_table()
    {
        using var queue = Queue(indirect: true);
        queue.Submit(Request(16, 1), Limit);

        var descriptor = Descriptor(queue, U16(queue.Ring.DriverArea + 4));
        Assert.Equal((32u, 4), (descriptor.Length, descriptor.Flags));
        var table = _ram.Slice(descriptor.Address, 32);
        Assert.Equal(0x1000UL, BinaryPrimitives.ReadUInt64LittleEndian(table));
        Assert.Equal(1, BinaryPrimitives.ReadUInt16LittleEndian(table[12..]));
        Assert.Equal(0x2000UL, BinaryPrimitives.ReadUInt64LittleEndian(table[16..]));
    }

    [Fact]
    public void Requests_complete_in_whatever_order_the_device_likes()
    {
        using var queue = Queue();
        var (one, two) = (Request(4, 8), Request(4, 8));
        queue.Submit(one, Limit);
        queue.Submit(two, Limit);

        Use(queue, 0, U16(queue.Ring.DriverArea + 6), 8);
        queue.ProcessUsed();
        Assert.Equal(8u, two.Wait(TimeSpan.Zero, "two"));
        Assert.Throws<DriverFailure>(() => one.Wait(TimeSpan.Zero, "one"));

        Use(queue, 1, U16(queue.Ring.DriverArea + 4), 3);
        queue.ProcessUsed();
        Assert.Equal(3u, one.Wait(TimeSpan.Zero, "one"));
    }

    [Fact]
    public void Without_EVENT_IDX_a_device_that_wants_no_kicks_gets_none()
    {
        using var queue = Queue();
        _ram.Slice(queue.Ring.DeviceArea, 1)[0] = 1;

        queue.Submit(Request(4, 4), Limit);

        Assert.Empty(_kicks);
        Assert.Equal(1, queue.Counters.KicksLeftOut);
    }

    [Fact]
    public void With_EVENT_IDX_the_device_is_kicked_at_the_index_it_named()
    {
        using var queue = Queue(eventIndex: true);
        BinaryPrimitives.WriteUInt16LittleEndian(_ram.Slice(queue.Ring.DeviceArea + 4 + (8 * Size), 2), 1);

        queue.Submit(Request(4, 4), Limit);
        Assert.Empty(_kicks);

        queue.Submit(Request(4, 4), Limit);
        Assert.Equal([0], _kicks);
    }

    [Fact]
    public void With_EVENT_IDX_the_next_interrupt_is_asked_for_at_the_next_used_element()
    {
        using var queue = Queue(eventIndex: true);
        queue.Submit(Request(4, 4), Limit);
        Use(queue, 0, U16(queue.Ring.DriverArea + 4), 4);

        queue.ProcessUsed();

        Assert.Equal(1, U16(queue.Ring.DriverArea + 4 + (2 * Size)));
    }

    [Fact]
    public void A_full_queue_waits_for_room_and_then_says_so()
    {
        using var queue = Queue();
        for (var i = 0; i < Size / 2; i++)
        {
            queue.Add(Request(4, 4), Limit);
        }

        Assert.Throws<DriverFailure>(() => queue.Add(Request(4, 4), TimeSpan.FromMilliseconds(20)));
        Assert.Equal(Size / 2, U16(queue.Ring.DriverArea + 2)); // what was waiting unannounced has been announced
        Assert.Equal([0], _kicks);
    }

    [Theory]
    [InlineData(Size, 0, "heads no request")]
    [InlineData(uint.MaxValue, 0, "heads no request")]
    [InlineData(5, 0, "heads no request")]
    [InlineData(0, 5, "claims 5 bytes")]
    public void A_wrong_used_element_breaks_the_queue_with_a_reason(uint head, uint written, string reason)
    {
        using var queue = Queue();
        var request = Request(4, 4);
        queue.Submit(request, Limit);
        Use(queue, 0, head, written);

        queue.ProcessUsed();

        Assert.Contains(reason, Assert.Throws<DriverFailure>(() => request.Wait(TimeSpan.Zero, "it")).Message, StringComparison.Ordinal);
        Assert.Throws<DriverFailure>(() => queue.Add(Request(4, 4), Limit));
    }

    [Fact]
    public void A_used_index_that_runs_ahead_breaks_the_queue()
    {
        using var queue = Queue();
        var request = Request(4, 4);
        queue.Submit(request, Limit);
        BinaryPrimitives.WriteUInt16LittleEndian(_ram.Slice(queue.Ring.DeviceArea + 2, 2), 2);

        queue.ProcessUsed();

        Assert.Contains("used index", Assert.Throws<DriverFailure>(() => request.Wait(TimeSpan.Zero, "it")).Message, StringComparison.Ordinal);
    }

    private SplitVirtqueue Queue(bool indirect = false, bool eventIndex = false) =>
        new(0, Size, _memory, new PhysicalAddresses(), new VirtqueueOptions(indirect, eventIndex), _kicks.Add);

    private static VirtqueueRequest Request(int readable, int writable) =>
        new(BufferSegment.ForDeviceToRead(0x1000, readable), BufferSegment.ForDeviceToWrite(0x2000, writable));

    private void Use(SplitVirtqueue queue, ushort position, uint head, uint written)
    {
        var element = _ram.Slice(queue.Ring.DeviceArea + 4 + (8UL * position), 8);
        BinaryPrimitives.WriteUInt32LittleEndian(element, head);
        BinaryPrimitives.WriteUInt32LittleEndian(element[4..], written);
        BinaryPrimitives.WriteUInt16LittleEndian(_ram.Slice(queue.Ring.DeviceArea + 2, 2), (ushort)(position + 1));
    }

    private (ulong Address, uint Length, int Flags, ushort Next) Descriptor(SplitVirtqueue queue, ushort index)
    {
        var bytes = _ram.Slice(queue.Ring.DescriptorArea + (16UL * index), 16);
        return (
            BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]));
    }

    private ushort U16(ulong address) => BinaryPrimitives.ReadUInt16LittleEndian(_ram.Slice(address, 2));
}
