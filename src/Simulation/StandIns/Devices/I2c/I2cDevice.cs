using System.Buffers.Binary;
using XenDmHost.Simulation.StandIns.Protocol;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.I2c;

/// <summary>
/// virtio-i2c (virtio 1.3, 5.20): a bus with one memory of 256 bytes, of the usual kind: the first byte written is the place
/// at which the next ones are written or read.
/// </summary>
internal sealed class I2cDevice(int address) : IStandInDevice
{
    private const int HeaderSize = 8, StatusSize = 1;
    private const ulong ZeroLengthRequest = 1UL << 0;
    private const byte Ok = 0, Error = 1;
    private const uint FailNext = 1, ReadFlag = 2;

    private readonly byte[] _memory = new byte[256];
    private byte _at;
    private bool _failing;

    public ulong Features => ZeroLengthRequest | VirtioFeature.NotifyOnEmpty;

    public int QueueCount => 1;

    public ReadOnlySpan<byte> Config => [];

    public string? WriteConfig(int offset, ReadOnlySpan<byte> data) => "the device has no config";

    public Served Serve(int queue, Chain chain, IQueues queues)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (!chain.Readable.TryRead(0, header)) return Served.Broken($"an i2c request with a header of {chain.Readable.Length} bytes");
        if (chain.Writable.Length < StatusSize) return Served.Broken("an i2c request without room for its status");
        long room = chain.Writable.Length - StatusSize;
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        bool wanted = !_failing && BinaryPrimitives.ReadUInt16LittleEndian(header) == address << 1;
        bool done = wanted && ((flags & ReadFlag) != 0 ? Read(chain, room) : Write(chain, room));

        // The requests of a group fail together from the first one that does.
        _failing = !done && (flags & FailNext) != 0;
        uint written = done ? (uint)chain.Writable.Length : StatusSize;
        return chain.Writable.TryWrite(room, [done ? Ok : Error]) ? Served.Done(written) : Served.Broken("a status outside the memory");
    }

    public void Stop(int queue, IQueues queues)
    {
        // Every request is answered at once: there is nothing to give back.
    }

    private bool Write(Chain chain, long room)
    {
        byte[] data = new byte[Math.Min(chain.Readable.Length - HeaderSize, 1 << 12)];
        if (room > 0 || data.Length != chain.Readable.Length - HeaderSize || !chain.Readable.TryRead(HeaderSize, data)) return false;
        if (data.Length > 0) _at = data[0];
        foreach (byte value in data.AsSpan(Math.Min(1, data.Length))) _memory[_at++] = value;
        return true;
    }

    private bool Read(Chain chain, long length)
    {
        if (chain.Readable.Length > HeaderSize || length > 1 << 12) return false;
        byte[] data = new byte[length];
        for (int i = 0; i < data.Length; i++) data[i] = _memory[_at++];
        return chain.Writable.TryWrite(0, data);
    }
}
