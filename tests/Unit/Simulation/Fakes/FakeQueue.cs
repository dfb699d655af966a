using System.Buffers.Binary;

namespace XenDmHost.UnitTests.Simulation.Fakes;

/// <summary>The device's side of a split virtqueue, written from the specification, for one reader thread.</summary>
internal sealed class FakeQueue
{
    internal uint Size { get; set; }

    internal uint Ready { get; set; }

    internal ulong Descriptors { get; set; }

    internal ulong Driver { get; set; }

    internal ulong Device { get; set; }

    private ushort _next;
    private ushort _used;

    internal void Reset()
    {
        (Size, Ready, Descriptors, Driver, Device) = (0, 0, 0, 0, 0);
        (_next, _used) = (0, 0);
    }

    /// <summary>Serves everything that is available; true when an interrupt is due.</summary>
    internal bool Serve(FakeRam ram, bool eventIndex, FakeChainHandler handler)
    {
        var before = _used;
        while (_next != U16(ram, Driver + 2))
        {
            Thread.MemoryBarrier();
            var head = U16(ram, Driver + 4 + (2UL * (_next % Size)));
            _next++;
            if (eventIndex)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(ram.Slice(Device + 4 + (8UL * Size), 2), _next);
                Thread.MemoryBarrier();
            }

            var (readable, writable) = Collect(ram, head);
            if (handler(readable, writable) is { } written)
            {
                Use(ram, head, written);
            }
        }

        Thread.MemoryBarrier();
        var wanted = U16(ram, Driver + 4 + (2UL * Size));
        return eventIndex
            ? (ushort)(_used - wanted - 1) < (ushort)(_used - before)
            : _used != before && (U16(ram, Driver) & 1) == 0;
    }

    private void Use(FakeRam ram, ushort head, int written)
    {
        var element = ram.Slice(Device + 4 + (8UL * (_used % Size)), 8);
        BinaryPrimitives.WriteUInt32LittleEndian(element, head);
        BinaryPrimitives.WriteInt32LittleEndian(element[4..], written);
        Thread.MemoryBarrier();
        BinaryPrimitives.WriteUInt16LittleEndian(ram.Slice(Device + 2, 2), ++_used);
    }

    private (byte[] Readable, FakeWritable Writable) Collect(FakeRam ram, ushort head)
    {
        List<byte> readable = [];
        var writable = new FakeWritable(ram);
        Walk(ram, Descriptors, head, readable, writable);
        return ([.. readable], writable);
    }

    private static void Walk(FakeRam ram, ulong table, ushort index, List<byte> readable, FakeWritable writable)
    {
        while (true)
        {
            var descriptor = ram.Slice(table + (16UL * index), 16);
            var address = BinaryPrimitives.ReadUInt64LittleEndian(descriptor);
            var length = BinaryPrimitives.ReadInt32LittleEndian(descriptor[8..]);
            var flags = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[12..]);
            if ((flags & 4) != 0)
            {
                Walk(ram, address, 0, readable, writable);
            }
            else if ((flags & 2) != 0)
            {
                writable.Add(address, length);
            }
            else
            {
                readable.AddRange(ram.Slice(address, length));
            }

            if ((flags & 1) == 0)
            {
                return;
            }

            index = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[14..]);
        }
    }

    private static ushort U16(FakeRam ram, ulong address) => BinaryPrimitives.ReadUInt16LittleEndian(ram.Slice(address, 2));
}
