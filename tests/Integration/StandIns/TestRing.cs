using System.Buffers.Binary;
using XenDmHost.Simulation.Native;

namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>The driver's side of one split ring in a test's guest, and the requests that bring it up at a back-end.</summary>
internal sealed class TestRing(TestGuest guest, uint index, ulong at, int size = 8) : IDisposable
{
    private const ushort Next = 1, Write = 2, Indirect = 4;

    private ushort _available;
    private ushort _nextDescriptor;
    private ushort _completed;
    private ulong _kickBy = 1;

    internal EventFd Kick { get; } = EventFd.Create(nonBlocking: true);

    internal EventFd Call { get; } = EventFd.Create(nonBlocking: true);

    internal EventFd Err { get; } = EventFd.Create(nonBlocking: true);

    internal ushort UsedIndex => guest.Ram.ReadAcquireU16(Offset + 0x802);

    private long Offset => (long)(at - TestGuest.Base);

    /// <summary>NUM to ENABLE; ring addresses are given as user addresses, <paramref name="shift"/> away from the guest's.</summary>
    internal void BringUp(WireClient client, ulong shift = 0, bool enable = true)
    {
        client.Acknowledged(Wire.SetVringNum, Wire.State(index, (uint)size));
        client.Acknowledged(Wire.SetVringBase, Wire.State(index, 0));
        client.Acknowledged(Wire.SetVringAddr, Addresses(shift));
        client.Acknowledged(Wire.SetVringErr, Wire.U64(index), Err.Fd);
        client.Acknowledged(Wire.SetVringCall, Wire.U64(index), Call.Fd);
        client.Acknowledged(Wire.SetVringKick, Wire.U64(index), Kick.Fd);
        if (enable) client.Acknowledged(Wire.SetVringEnable, Wire.State(index, 1));
    }

    internal byte[] Addresses(ulong shift = 0) => Wire.Addr(index, at + shift, at + 0x800 + shift, at + 0x400 + shift);

    /// <summary>Makes one chain available and kicks. Returns the head.</summary>
    internal ushort Submit(params (ulong Address, int Length, bool Writable)[] buffers)
    {
        ushort head = _nextDescriptor;
        for (int i = 0; i < buffers.Length; i++)
        {
            int flags = (buffers[i].Writable ? Write : 0) | (i < buffers.Length - 1 ? Next : 0);
            WriteDescriptor(_nextDescriptor, buffers[i].Address, buffers[i].Length, flags, (ushort)((_nextDescriptor + 1) % size));
            _nextDescriptor = (ushort)((_nextDescriptor + 1) % size);
        }
        Publish(head);
        return head;
    }

    /// <summary>Makes one indirect chain available, its table at <paramref name="table"/>, and kicks.</summary>
    internal void SubmitIndirect(ulong table, params (ulong Address, int Length, bool Writable)[] buffers)
    {
        for (int i = 0; i < buffers.Length; i++)
        {
            int flags = (buffers[i].Writable ? Write : 0) | (i < buffers.Length - 1 ? Next : 0);
            WriteDescriptorAt((long)(table - TestGuest.Base) + (16 * i), buffers[i].Address, buffers[i].Length, flags, (ushort)(i + 1));
        }
        SubmitRaw(table, 16 * buffers.Length, Indirect, next: 0);
    }

    /// <summary>Makes one descriptor available exactly as given.</summary>
    internal void SubmitRaw(ulong address, int length, int flags, ushort next)
    {
        WriteDescriptor(_nextDescriptor, address, length, flags, next);
        ushort head = _nextDescriptor;
        _nextDescriptor = (ushort)((_nextDescriptor + 1) % size);
        Publish(head);
    }

    /// <summary>
    /// Makes one chain available and kicks, and returns when the other side has taken the kick: a counter that was full can
    /// be written to again only after it was read. No kick may be on its way already.
    /// </summary>
    internal void SubmitUntilTaken(Action submit)
    {
        _kickBy = EventFd.Maximum;
        submit();
        _kickBy = 1;
        Assert.True(Poller.WaitWritable(Kick.Fd, BackEndProcess.Limit), "the kick is not taken");
    }

    /// <summary>Kicks, with nothing new in the ring.</summary>
    internal void KickAgain() => Assert.True(Kick.TryAdd(_kickBy));

    internal void SetUsedEvent(ushort value) => guest.Ram.WriteU16(Offset + 0x404 + (2 * size), value);

    /// <summary>Waits for the call and gives the newest used element: head and bytes written.</summary>
    internal (uint Head, uint Written) Completed()
    {
        // libvhost-user calls once when it gets the eventfd, before anything is used.
        do Assert.True(Call.Wait(BackEndProcess.Limit), "no call in time");
        while (UsedIndex == _completed);
        _completed = UsedIndex;
        Span<byte> element = guest.Ram.Slice(Offset + 0x804 + (8 * ((_completed - 1) & (size - 1))), 8);
        return (BinaryPrimitives.ReadUInt32LittleEndian(element), BinaryPrimitives.ReadUInt32LittleEndian(element[4..]));
    }

    public void Dispose()
    {
        Kick.Dispose();
        Call.Dispose();
        Err.Dispose();
    }

    private void Publish(ushort head)
    {
        guest.Ram.WriteU16(Offset + 0x404 + (2 * (_available % size)), head);
        guest.Ram.WriteReleaseU16(Offset + 0x402, ++_available);
        KickAgain();
    }

    private void WriteDescriptor(int slot, ulong address, int length, int flags, ushort next) =>
        WriteDescriptorAt(Offset + (16 * slot), address, length, flags, next);

    private void WriteDescriptorAt(long offset, ulong address, int length, int flags, ushort next)
    {
        Span<byte> descriptor = guest.Ram.Slice(offset, 16);
        BinaryPrimitives.WriteUInt64LittleEndian(descriptor, address);
        BinaryPrimitives.WriteInt32LittleEndian(descriptor[8..], length);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[12..], (ushort)flags);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[14..], next);
    }
}
