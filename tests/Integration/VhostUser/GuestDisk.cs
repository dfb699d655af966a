using System.Buffers.Binary;
using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser;

namespace XenDmHost.IntegrationTests.VhostUser;

/// <summary>
/// A guest's memory in a memfd and one split virtqueue in it, written by hand: request by request, as a driver would
/// (virtio 1.2, 2.7 and 5.2).
/// </summary>
internal sealed class GuestDisk : IDisposable
{
    internal const ulong Base = 0x4000_0000;
    internal const int QueueSize = 64;
    private const int MemorySize = 1 << 20;
    private const int Descriptors = 0x1000;
    private const int Available = 0x2000;
    private const int Used = 0x3000;
    private const int Header = 0x4000;
    private const int Data = 0x5000;
    private const int Status = 0x6000;
    private const int SectorSize = 512;
    private const int AnswerMs = 30_000;

    private readonly FileDescriptor _memory = Memfd.CreateSealed("guest", MemorySize);
    private readonly Mapping _mapping;

    internal GuestDisk() => _mapping = Mapping.Shared(_memory, 0, MemorySize, writable: true, "guest memory");

    internal EventFd Kick { get; } = EventFd.Create();

    internal EventFd Call { get; } = EventFd.Create();

    internal MemoryRegion Region => new() { GuestAddress = Base, UserAddress = Base, Size = MemorySize, Descriptor = _memory };

    internal ushort UsedIndex => BinaryPrimitives.ReadUInt16LittleEndian(_mapping.Span[(Used + 2)..]);

    internal RingSetup Ring(uint vringBase) => new()
    {
        Index = 0,
        Size = QueueSize,
        Base = vringBase,
        DescriptorTable = Base + Descriptors,
        AvailableRing = Base + Available,
        UsedRing = Base + Used,
        Kick = Kick,
        Call = Call,
    };

    internal byte[] Read(ulong sector)
    {
        Assert.Equal(0, Do(type: 0, sector));
        return _mapping.Span.Slice(Data, SectorSize).ToArray();
    }

    internal void Write(ulong sector, byte[] data)
    {
        data.CopyTo(_mapping.Span[Data..]);
        Assert.Equal(0, Do(type: 1, sector));
    }

    internal byte Do(uint type, ulong sector)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_mapping.Span[Header..], type);
        BinaryPrimitives.WriteUInt64LittleEndian(_mapping.Span[(Header + 8)..], sector);
        _mapping.Span[Status] = 0xff;
        bool deviceWrites = type == 0;
        Describe(0, Header, 16, flags: 1, next: 1);
        Describe(1, Data, SectorSize, flags: deviceWrites ? 3 : 1, next: 2);
        Describe(2, Status, 1, flags: 2, next: 0);
        Offer();
        return _mapping.Span[Status];
    }

    public void Dispose()
    {
        _mapping.Dispose();
        _memory.Dispose();
        Kick.Dispose();
        Call.Dispose();
    }

    private void Describe(int index, int address, int length, int flags, int next)
    {
        Span<byte> descriptor = _mapping.Span[(Descriptors + (16 * index))..];
        BinaryPrimitives.WriteUInt64LittleEndian(descriptor, Base + (ulong)address);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor[8..], (uint)length);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[12..], (ushort)flags);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[14..], (ushort)next);
    }

    /// <summary>Makes head 0 available, kicks, and waits on the call eventfd until it is used.</summary>
    private void Offer()
    {
        ushort index = (ushort)Volatile.Read(ref _mapping.At<short>(Available + 2));
        BinaryPrimitives.WriteUInt16LittleEndian(_mapping.Span[(Available + 4 + (2 * (index % QueueSize)))..], 0);
        Volatile.Write(ref _mapping.At<short>(Available + 2), (short)(index + 1));
        Assert.Equal(0, Kick.TrySignal());
        Span<int> ready = stackalloc int[1];
        while (Volatile.Read(ref _mapping.At<short>(Used + 2)) != (short)(index + 1))
        {
            Assert.True(Poller.Wait([Call.Descriptor], [Libc.PollIn], AnswerMs, ready) > 0, "the request was not used in time");
            Call.TryDrain();
        }
    }
}
